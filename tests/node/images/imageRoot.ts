import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { compiled } from "../../../local/compiled";

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

  /** Puts the TypeScript of a folder here, as JavaScript. */
  programs(folder: string, place: string): void {
    for (const name of fs.readdirSync(folder)) {
      const file = path.join(folder, name);
      this.text(path.join(place, `${path.basename(name, ".ts")}.js`), compiled(file, fs.readFileSync(file, "utf8")));
    }
  }

  link(target: string, place: string): void {
    fs.mkdirSync(path.dirname(path.join(this.folder, place)), { recursive: true });
    fs.symlinkSync(target, path.join(this.folder, place));
  }

  /** Copies a program, by default to its own place, with its libraries. @param libraryPath where they are beside the machine's own */
  program(file: string, place = file, libraryPath = ""): void {
    this.copy(fs.realpathSync(file), place);
    // those of unpacked packages go where an installed package has them
    for (const library of librariesOf(file, libraryPath)) this.copy(library, library.replace(/^.+(?=\/usr\/lib\/)/, ""));
  }

  /** Copies a folder of this machine, by default to the same place. */
  copied(folder: string, place = folder): void {
    fs.cpSync(folder, path.join(this.folder, place), { recursive: true, dereference: true });
  }

  /** Copies what was unpacked of packages. @param programs those in it whose other libraries are the machine's */
  packages(folder: string, names: readonly string[], libraryPath: string, programs: readonly string[]): void {
    execFileSync("cp", ["--archive", ...names.map((name) => path.join(folder, name)), this.folder]);
    for (const program of programs) {
      const wanted = librariesOf(path.join(folder, program), libraryPath);
      for (const library of wanted.filter((file) => !file.startsWith(folder))) this.copy(library, library);
    }
  }

  /** The programs of packages that are installed here, as in Debian's images. */
  installed(packages: readonly string[]): void {
    const files = execFileSync("dpkg", ["--listfiles", ...packages], { encoding: "utf8" }).split("\n");
    for (const file of files.filter((one) => /^(\/usr)?\/bin\/./.test(one) && fs.existsSync(one))) this.program(file);
    // Debian before and after the merge of /bin and /usr/bin
    if (!fs.existsSync(path.join(this.folder, "bin"))) this.link("usr/bin", "bin");
    if (!fs.existsSync(path.join(this.folder, "bin/sh"))) this.link("dash", "bin/sh");
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
function librariesOf(file: string, libraryPath: string): readonly string[] {
  const { stdout } = spawnSync("ldd", [file], { encoding: "utf8", env: { ...process.env, LD_LIBRARY_PATH: libraryPath } });
  return stdout.split("\n").flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}
