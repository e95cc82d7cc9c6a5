import * as fs from "node:fs";
import { Failure } from "./exitCode";

/**
 * A record in JSON. @param remedy what to do with a file that cannot be read, said after its name and the reason
 * @throws Failure where it was cut short, e.g. by a full disk, or is no JSON for another reason
 */
export function readJsonFile(file: string, remedy: string): unknown {
  const text = fs.readFileSync(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${text === "" ? "it is empty" : (error as SyntaxError).message}. ${remedy}`);
  }
}
