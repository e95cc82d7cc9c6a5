import * as fs from "node:fs";
import * as path from "node:path";
import { reportJsonSchema } from "./checkReport";

/** Writes what `--json` of doctor and verify is like anew. */
const file = path.join(__dirname, "report.schema.json");
fs.writeFileSync(file, reportJsonSchema());
process.stdout.write(`${path.relative(process.cwd(), file)} is up to date\n`);
