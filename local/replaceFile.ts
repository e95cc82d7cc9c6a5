import * as fs from "node:fs";

/** Writes a file as a whole: who reads it meanwhile, or after a kill, has the text before or this one. @param mode of the new file @default 0o666, less the umask */
export function replaceFile(file: string, text: string, mode?: number): void {
  const draft = `${file}.${process.pid}`;
  fs.rmSync(draft, { force: true }); // of a killed run that had this process id, with another mode
  fs.writeFileSync(draft, text, { mode });
  fs.renameSync(draft, file);
}
