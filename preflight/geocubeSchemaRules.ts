import { schemaScripts, type SchemaSource } from "../components/geocube/schemaSource";
import type { Problem } from "../config/problem";

/** Scripts of Geocube's schema that their addresses do not give, or not with the checksum that was named. */
export async function geocubeSchemaProblems(schema: SchemaSource | undefined): Promise<Problem[]> {
  const scripts = schema === undefined ? [] : Object.values(schemaScripts(schema));
  const problems = await Promise.all(scripts.map(async ({ text }) => problemOf(await outcome(text))));
  return problems.flat();
}

/** Why a text is not there; nothing for one that is. */
async function outcome(text: unknown): Promise<string | undefined> {
  try {
    await text;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function problemOf(found: string | undefined): Problem[] {
  if (found === undefined) return [];
  const allowed = "the script that was named, byte for byte";
  const wayOut = "mend the way to it or correct url and sha256; without the internet download it elsewhere and name it as file";
  return [{ path: "trustplane:geocube.database.schema", found, allowed, wayOut }];
}
