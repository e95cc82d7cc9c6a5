import * as fs from "node:fs/promises";
import * as path from "node:path";

import { Apt } from "./apt";
import { runCommand, type CommandResult } from "./runCommand";
import type { Toolchain } from "./toolchain";
import type { ToolSpec } from "./toolSpec";
import { findVersion } from "./versionRange";

/**
 * Unpacks a Debian package, without installing it, so that its program runs as `<folder>/<name>`. Libraries that the machine lacks are unpacked
 * beside it.
 * @returns the version that the program prints.
 * @throws Error with the reason: not a Debian, no package source, or a program that does not run.
 */
export async function unpackDebianPackage(
  spec: ToolSpec,
  folder: string,
  toolchain: Toolchain,
  onDetail: (text: string) => void,
): Promise<string> {
  const apt = new Apt(folder, toolchain.env, onDetail);
  const name = spec.debianPackage ?? spec.name;
  await apt.unpack([name]);
  const program = path.join(folder, spec.name);
  const ask = (): Promise<CommandResult> => runCommand(program, spec.onPath?.versionArguments ?? ["--version"], { env: toolchain.env });
  const unpacked = await programIn(folder, spec.name);
  await fs.symlink(unpacked, program);
  let answer = await ask();
  if (!answer.succeeded) {
    await apt.unpackWithDependencies([name]);
    await writeLauncher(program, unpacked);
    answer = await ask();
  }
  const version = findVersion(answer.lines.join("\n"));
  if (!answer.succeeded || version === undefined)
    throw new Error(`the unpacked ${name} does not run: ${answer.lines.at(-1) ?? "no message"}`);
  await apt.tidy();
  return version;
}

async function programIn(folder: string, name: string): Promise<string> {
  for (const place of ["usr/sbin", "usr/bin", "sbin", "bin"]) {
    const file = path.join(place, name);
    if ((await fs.stat(path.join(folder, file)).catch(() => undefined)) !== undefined) return file;
  }
  throw new Error(`there is no program ${name} in the package`);
}

async function writeLauncher(program: string, unpacked: string): Promise<void> {
  const script = [
    "#!/bin/sh",
    'here=$(dirname "$(readlink -f "$0")")',
    'libraries=$(find "$here/lib" "$here/usr/lib" -name "*.so*" -exec dirname {} + 2>/dev/null | sort -u | tr "\\n" ":")',
    `LD_LIBRARY_PATH="$libraries" exec "$here/${unpacked}" "$@"`,
    "",
  ];
  await fs.rm(program);
  await fs.writeFile(program, script.join("\n"), { mode: 0o755 });
}
