import * as fs from "node:fs";
import * as path from "node:path";

/** A Secret or ConfigMap as the kubelet mounts it: every file is a link through `..data`, which moves to new contents in one step. */
export class MountedVolume {
  private version = 0;

  constructor(
    readonly folder: string,
    files: Readonly<Record<string, string>>,
  ) {
    fs.mkdirSync(folder, { recursive: true });
    this.replace(files);
    for (const name of Object.keys(files)) fs.symlinkSync(path.join("..data", name), path.join(folder, name));
  }

  /** Gives the same files other contents, all at once. What they held before goes one exchange later than with the kubelet. */
  replace(files: Readonly<Record<string, string>>): void {
    fs.rmSync(this.contents(this.version - 1), { recursive: true, force: true });
    this.version++;
    const contents = this.contents(this.version);
    fs.mkdirSync(contents);
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(contents, name), text);
    const link = path.join(this.folder, "..data_tmp");
    fs.symlinkSync(path.basename(contents), link);
    fs.renameSync(link, path.join(this.folder, "..data"));
  }

  private contents(version: number): string {
    return path.join(this.folder, `..${version}`);
  }
}
