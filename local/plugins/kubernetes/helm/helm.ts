import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { JsonObject } from "../../server/provider";

const largestOutput = 256 * 1024 * 1024;

/** Runs of helm on one cluster, in one namespace, with a folder for files that others may not read. */
export class Helm {
  private constructor(
    private readonly folder: string,
    private readonly place: readonly string[],
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Gives `use` a helm, and removes its folder when that is done. @param signal asks helm to stop, which marks the release as failed */
  static async during<T>(
    { kubeconfig, namespace, signal }: { readonly kubeconfig: string; readonly namespace: string; readonly signal?: AbortSignal },
    use: (helm: Helm) => Promise<T>,
  ): Promise<T> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "trustplane-helm-"));
    try {
      const file = path.join(folder, "kubeconfig");
      await fs.writeFile(file, kubeconfig, { mode: 0o600 });
      return await use(new Helm(folder, ["--kubeconfig", file, "--namespace", namespace], signal));
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  }

  /** Gives what helm prints. @throws Error with helm's own message */
  run(...args: readonly string[]): Promise<string> {
    const program = process.env.TRUSTPLANE_HELM ?? "helm";
    return new Promise((resolve, reject) => {
      const child = execFile(program, [...args, ...this.place], { maxBuffer: largestOutput }, (error, output, errors) => {
        this.signal?.removeEventListener("abort", stop);
        if (error === null) resolve(output);
        else reject(new Error(error.code === "ENOENT" ? `cannot find ${program}: install helm 3` : messageIn(errors, error.message)));
      });
      child.stdin?.end();
      const stop = (): void => void child.kill();
      this.signal?.addEventListener("abort", stop);
    });
  }

  /** A file for `--values`: never an argument, which others could read. */
  async valuesFile(values: JsonObject): Promise<string> {
    const file = path.join(this.folder, "values.json");
    await fs.writeFile(file, JSON.stringify(values), { mode: 0o600 });
    return file;
  }
}

/** The last error in what helm said, without its prefixes. */
function messageIn(errors: string, otherwise: string): string {
  const message = errors.slice(Math.max(0, errors.lastIndexOf("Error: "))).replace(/^Error: ((INSTALLATION|UPGRADE) FAILED: )?/, "");
  return message.trim() === "" ? otherwise : message.trim();
}
