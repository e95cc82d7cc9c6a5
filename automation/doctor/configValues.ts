import * as fs from "node:fs";
import { parse } from "yaml";
import { silentProgress } from "../../local/progress";
import { stackFile } from "../stackFiles";
import { decryptedConfig } from "../workspace";

/** A stack's configuration as the engine would hand it to the program. */
export interface ConfigValues {
  /** Texts by their full keys, secrets in plain text. */
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/**
 * Reads a stack's file; the engine is asked only where something in it is encrypted.
 * @throws Failure where the secrets cannot be decrypted
 */
export async function configValues(root: string, stack: string): Promise<ConfigValues> {
  const file = parse(fs.readFileSync(stackFile(root, stack), "utf8")) as { readonly config?: Readonly<Record<string, unknown>> } | null;
  const entries = Object.entries(file?.config ?? {});
  const secretKeys = entries.filter(([, value]) => hasSecret(value)).map(([key]) => key);
  if (secretKeys.length > 0) return { values: await decryptedConfig({ root, stack, progress: silentProgress }), secretKeys };
  const texts = entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const);
  return { values: Object.fromEntries(texts), secretKeys };
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(hasSecret);
}
