import * as fs from "node:fs";

/**
 * Writes a file as a whole: who reads it meanwhile, or after a kill, has the text before or this one. A link stays one.
 * @param mode @default that of the file; of a new one 0o666, less the umask
 */
export function replaceFile(link: string, text: string, mode = fs.statSync(link, { throwIfNoEntry: false })?.mode): void {
  const file = fs.existsSync(link) ? fs.realpathSync(link) : link;
  const draft = `${file}.${process.pid}`;
  fs.rmSync(draft, { force: true }); // of a killed run that had this process id, with another mode
  fs.writeFileSync(draft, text, { mode });
  fs.renameSync(draft, file);
}
