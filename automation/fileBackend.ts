import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

/** A stack in the backend at `backendUrl`. */
export interface BackendStack {
  readonly backendUrl: string;
  readonly project: string;
  readonly stack: string;
}

/** A file below `.pulumi` in the folder of a `file://` backend; undefined for other backends. */
export function backendFile(backendUrl: string, ...names: readonly string[]): string | undefined {
  return backendUrl.startsWith("file:///") ? path.join(fileURLToPath(backendUrl), ".pulumi", ...names) : undefined;
}

/**
 * The same backend, without a file of attributes beside each of its files (`dev.json.attrs`). A file itself is replaced as a whole; that beside it, which
 * the engine has no use for, is written in place, and a state whose attributes were cut short by a kill cannot be read.
 * See https://pkg.go.dev/gocloud.dev/blob/fileblob, `metadata=skip`.
 */
export function withoutAttributes(backendUrl: string): string {
  const [folder = "", query = ""] = backendUrl.split("?", 2);
  const parameters = new URLSearchParams(query);
  if (!folder.startsWith("file://") || parameters.has("metadata")) return backendUrl;
  parameters.set("metadata", "skip");
  return `${folder}?${parameters.toString()}`;
}

/** Removes what a killed `pulumi`, which does write attributes, has cut short of a stack's. Without them the state is as readable as with them. */
export function dropCutAttributes({ backendUrl, project, stack }: BackendStack): void {
  const file = backendFile(backendUrl, "stacks", project, `${stack}.json.attrs`);
  if (file !== undefined && fs.existsSync(file) && fs.statSync(file).size === 0) fs.rmSync(file);
}
