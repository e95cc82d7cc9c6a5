import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** The files of an image, put together out of programs of this machine and the libraries that they name. */
export class ImageRoot {
  constructor(readonly folder: string) {
    for (const [name, mode] of Object.entries({ etc: 0o755, tmp: 0o1777, run: 0o755, "var/run": 0o755 })) this.directory(name, mode);
    this.text("etc/passwd", "root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n");
    this.text("etc/group", "root:x:0:\nnogroup:x:65534:\n");
  }

  directory(place: string, mode = 0o755): void {
    fs.mkdirSync(path.join(this.folder, place), { recursive: true });
    fs.chmodSync(path.join(this.folder, place), mode);
  }

  text(place: string, text: string, mode = 0o644): void {
    fs.mkdirSync(path.dirname(path.join(this.folder, place)), { recursive: true });
    fs.writeFileSync(path.join(this.folder, place), text, { mode });
  }

  /** Copies files and folders with all that is in them. */
  files(file: string, place: string): void {
    fs.cpSync(file, path.join(this.folder, place), { recursive: true, dereference: true });
  }

  link(target: string, place: string): void {
    fs.mkdirSync(path.dirname(path.join(this.folder, place)), { recursive: true });
    fs.symlinkSync(target, path.join(this.folder, place));
  }

  /** Copies a program with its libraries, which keep their places. */
  program(file: string, place: string): void {
    this.copy(fs.realpathSync(file), place);
    for (const library of librariesOf(file)) this.copy(library, library);
  }

  /** A shell and the usual commands, as in Alpine's images. */
  busybox(file: string): void {
    this.program(file, "bin/busybox");
    const applets = execFileSync(file, ["--list"], { encoding: "utf8" }).trim().split("\n");
    for (const applet of applets.filter((name) => name !== "busybox")) this.link("/bin/busybox", `bin/${applet}`);
  }

  private copy(file: string, place: string): void {
    const target = path.join(this.folder, place);
    if (fs.existsSync(target)) return;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(file, target, fs.constants.COPYFILE_FICLONE);
    fs.chmodSync(target, 0o755);
  }
}

/** The shared libraries of a program, and what loads them; none of a static one. */
function librariesOf(file: string): readonly string[] {
  const { stdout } = spawnSync("ldd", [file], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}
