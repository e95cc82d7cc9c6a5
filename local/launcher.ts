import * as fs from "node:fs";
import * as path from "node:path";
import { replaceFile } from "./replaceFile";

/** Writes a program that hands its arguments to the Node that runs now, behind `args`. @param environment what it adds to its own */
export function writeLauncher(file: string, environment: Readonly<Record<string, string>>, args: readonly string[]): void {
  const assignments = Object.entries(environment).map(([key, value]) => `export ${key}=${quoted(value)}\n`);
  const command = [process.execPath, ...args].map(quoted).join(" ");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  replaceFile(file, `#!/bin/sh\n${assignments.join("")}exec ${command} "$@"\n`, 0o755);
}

/** A word that a shell takes as it is. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
