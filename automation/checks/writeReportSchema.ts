import * as fs from "node:fs";
import * as path from "node:path";
import { commandJsonSchema } from "../json/commandReport";
import { reportJsonSchema } from "./checkReport";

const schemas = [
  [path.join(__dirname, "report.schema.json"), reportJsonSchema()],
  [path.join(__dirname, "..", "json", "command.schema.json"), commandJsonSchema()],
] as const;

/** Writes what `--json` of every script is like anew. */
for (const [file, text] of schemas) {
  fs.writeFileSync(file, text);
  process.stdout.write(`${path.relative(process.cwd(), file)} is up to date\n`);
}
