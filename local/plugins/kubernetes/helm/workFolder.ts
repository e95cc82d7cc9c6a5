import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { JsonObject } from "../../server/provider";

/** A folder for one run of helm, readable by its owner alone, and gone afterwards: secrets reach helm as files, never as arguments. */
export class WorkFolder {
  private constructor(readonly path: string) {}

  /** Gives `use` a folder and removes it when `use` is done. */
  static async during<T>(use: (folder: WorkFolder) => Promise<T>): Promise<T> {
    const folder = new WorkFolder(await fs.mkdtemp(path.join(os.tmpdir(), "trustplane-helm-")));
    try {
      return await use(folder);
    } finally {
      await fs.rm(folder.path, { recursive: true, force: true });
    }
  }

  /** Writes a file (mode 0600) and gives its path. */
  async write(name: string, content: string | JsonObject): Promise<string> {
    const file = path.join(this.path, name);
    await fs.writeFile(file, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o600 });
    return file;
  }
}
