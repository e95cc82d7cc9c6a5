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
  await fs.symlink(path.join("usr", "sbin", spec.name), program);
  let answer = await ask();
  if (!answer.succeeded) {
    await apt.unpack(await apt.libraries(name));
    await writeLauncher(program, spec.name);
    answer = await ask();
  }
  const version = findVersion(answer.lines.join("\n"));
  if (!answer.succeeded || version === undefined)
    throw new Error(`the unpacked ${name} does not run: ${answer.lines.at(-1) ?? "no message"}`);
  await apt.tidy();
  return version;
}

async function writeLauncher(program: string, name: string): Promise<void> {
  const script = [
    "#!/bin/sh",
    'here=$(dirname "$(readlink -f "$0")")',
    'libraries=$(find "$here/lib" "$here/usr/lib" -name "*.so*" -exec dirname {} + 2>/dev/null | sort -u | tr "\\n" ":")',
    `LD_LIBRARY_PATH="$libraries" exec "$here/usr/sbin/${name}" "$@"`,
    "",
  ];
  await fs.rm(program);
  await fs.writeFile(program, script.join("\n"), { mode: 0o755 });
}
