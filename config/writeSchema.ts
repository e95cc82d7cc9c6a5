import * as fs from "node:fs";
import * as path from "node:path";
import { stackJsonSchema } from "./jsonSchema";

/** `npm run schema`: writes what editors know about the stacks' files anew. */
const file = path.join(__dirname, "stack.schema.json");
fs.writeFileSync(file, stackJsonSchema());
process.stdout.write(`${path.relative(process.cwd(), file)} is up to date\n`);
