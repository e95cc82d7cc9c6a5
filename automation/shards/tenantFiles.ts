import * as fs from "node:fs";
import * as path from "node:path";
import { parseAllDocuments } from "yaml";
import { foundText } from "../../config/describeIssue";
import { type Problem, ProblemsError } from "../../config/problem";
import { Failure } from "../exitCode";
import { placementFileName } from "./placementFile";

/** The files of a folder of tenants cannot be used. */
export class TenantsError extends ProblemsError {
  constructor(stack: string, problems: readonly Problem[]) {
    const many = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(`The tenants of stack ${stack} have ${many}; nothing was created.`, problems);
  }
}

/** A file of the folder, read but not judged. */
export interface TenantFile {
  /** As it is shown: the folder as the user named it, and the file's name. */
  readonly path: string;
  readonly given: Readonly<Record<string, unknown>>;
}

/** What a folder of tenants holds. */
export interface TenantFolder {
  readonly files: readonly TenantFile[];
  /** Files that are no object. */
  readonly problems: readonly Problem[];
}

const allowed = "one YAML document: an object as in trustplane:plexus.tenants";

/**
 * Reads every `.yaml` and `.yml` of a folder but the placement.
 *
 * @param folder from the project's folder `root`
 * @throws Failure where there is no such folder
 */
export function readTenantFolder(root: string, folder: string): TenantFolder {
  const place = path.resolve(root, folder);
  if (fs.statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Failure(`--tenants ${folder}: there is no folder ${place}. Make it, with one YAML file a tenant (docs/shards.md).`);
  const names = fs.readdirSync(place).filter((name) => /^[^.].*\.ya?ml$/.test(name) && name !== placementFileName);
  const read = names.sort().map((name) => readTenantFile(path.join(folder, name), fs.readFileSync(path.join(place, name), "utf8")));
  return { files: read.flatMap(({ file }) => file ?? []), problems: read.flatMap(({ problem }) => problem ?? []) };
}

function readTenantFile(shown: string, text: string): { readonly file?: TenantFile; readonly problem?: Problem } {
  const documents = parseAllDocuments(text);
  const [document] = documents;
  const broken = documents.flatMap(({ errors }) => errors)[0];
  const wayOut = "correct the file, or remove it where there is no such tenant";
  if (broken !== undefined) return { problem: { path: shown, found: firstLine(broken.message), allowed, wayOut } };
  if (document === undefined || documents.length > 1)
    return { problem: { path: shown, found: `${documents.length} documents`, allowed, wayOut } };
  const given: unknown = document.toJS();
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return { file: { path: shown, given: { ...given } } };
  return { problem: { path: shown, found: foundText(given), allowed, wayOut } };
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? text).replace(/:$/, "");
}
