import * as fs from "node:fs";
import * as path from "node:path";
import { Failure } from "./exitCode";

/**
 * Writes a script's result to the file that an option names, from the project's folder; gives its absolute path.
 * @throws Failure where the file cannot be written
 */
export function writeResult(root: string, out: string, text: string, option = "--out"): string {
  const file = path.resolve(root, out);
  try {
    fs.writeFileSync(file, text);
    return file;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(
      `${option} ${out}: ${file} cannot be written (${reason}). Name a file in a folder that exists and that you may write to.`,
    );
  }
}
