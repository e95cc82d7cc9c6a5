import * as crypto from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Versions of programs outside the cache, so that they are asked once and not in every run. A changed program is asked again. */
export class VersionMemory {
  constructor(private readonly cache: string) {}

  /**
   * The version of `file`: remembered, or what `ask` answers. Scripts, and links to a program of another name, are asked each time: version
   * managers put such in front of the program that they choose.
   */
  async recall(file: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    if (!(await isProgramItself(file))) return ask();
    const note = path.join(this.cache, ".versions", await keyOf(file));
    const known = await fs.readFile(note, "utf8").catch(() => "");
    if (known !== "") return known;
    const version = await ask();
    // a cache that cannot be written costs a question in the next run
    if (version !== undefined) await write(note, version).catch(() => undefined);
    return version;
  }
}

async function isProgramItself(file: string): Promise<boolean> {
  if (!path.basename(await fs.realpath(file)).startsWith(path.basename(file))) return false;
  const handle = await fs.open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString("latin1") !== "#!";
  } finally {
    await handle.close();
  }
}

async function keyOf(file: string): Promise<string> {
  const { size, mtimeMs, ino } = await fs.stat(file);
  return crypto.createHash("sha256").update([file, size, mtimeMs, ino].join("\n")).digest("hex").slice(0, 32);
}

async function write(note: string, version: string): Promise<void> {
  const draft = `${note}.${process.pid}`;
  await fs.mkdir(path.dirname(note), { recursive: true });
  await fs.writeFile(draft, version);
  await fs.rename(draft, note);
}
