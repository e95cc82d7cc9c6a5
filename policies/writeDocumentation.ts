import * as fs from "node:fs";
import * as path from "node:path";
import { format } from "prettier";
import { policyDocumentation } from "./documentation";

/** The page, in the project's style. */
export const documentationFile = path.resolve(__dirname, "..", "docs", "policies.md");

/** The page's text as it belongs into the file. */
export async function documentationText(): Promise<string> {
  return await format(policyDocumentation(), { parser: "markdown", printWidth: 140 });
}

async function main(): Promise<void> {
  fs.writeFileSync(documentationFile, await documentationText());
  console.log("wrote docs/policies.md");
}

if (require.main === module) void main();
