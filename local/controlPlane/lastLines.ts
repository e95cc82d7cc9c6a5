import * as fs from "node:fs";

/** The end of a log, for an error's message. */
export function lastLines(file: string): string {
  if (!fs.existsSync(file)) return "(no log)";
  return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-3).join("\n").slice(-1500);
}
