import * as fs from "node:fs/promises";
import { parse } from "yaml";
import type { Json, JsonObject } from "../../server/provider";
import { isObject, isSecret, secret, unwrap } from "../../server/values";
import { textAt } from "../await/objectFields";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";

/** Merges two trees of values; where both have one, the second's counts, except that objects are merged. Secrets stay marked. */
export function mergeValues(base: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    merged[key] = isTree(old) && isTree(value) ? mergeValues(old, value) : value;
  }
  return merged;
}

/** Leaves out every null, at any depth. */
export function withoutNulls(value: JsonObject): JsonObject {
  return prune(value) as JsonObject;
}

/**
 * The values of a release: those of its YAML files in their order, then `values` over them.
 * @throws Error when a file cannot be read, or is not a mapping.
 */
export async function releaseValues(inputs: JsonObject): Promise<JsonObject> {
  const files = unwrap(inputs.valueYamlFiles ?? null);
  let merged: JsonObject = {};
  for (const file of Array.isArray(files) ? (files as readonly Json[]) : []) merged = mergeValues(merged, await readAsset(file));
  const own = inputs.values ?? {};
  const values = isSecret(own) ? unwrap(own) : own;
  if (!isObject(values)) throw new Error(`values must be an object of Helm values, not ${JSON.stringify(values)}`);
  const result = mergeValues(merged, values);
  const kept = inputs.allowNullValues === true ? result : withoutNulls(result);
  return isSecret(own) ? (secret(kept) as JsonObject) : kept;
}

function isTree(value: Json | undefined): value is JsonObject {
  return isObject(value) && !isSecret(value);
}

function prune(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).filter((item) => item !== null).map((item) => prune(item));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, prune(item)]));
}

async function readAsset(asset: Json): Promise<JsonObject> {
  if (!isObject(asset) || asset[SIGNATURE] !== ASSET)
    throw new Error("valueYamlFiles must be a list of assets, e.g. new pulumi.asset.FileAsset(path)");
  const source = textAt(asset, "path");
  const content = source === "" ? textAt(asset, "text") : await fs.readFile(source, "utf8");
  if (source === "" && content === "" && textAt(asset, "uri") !== "") {
    throw new Error(`valueYamlFiles: ${textAt(asset, "uri")} is not read; give a FileAsset or a StringAsset`);
  }
  const values = parse(content) as Json;
  if (values === null) return {};
  if (!isObject(values)) throw new Error(`valueYamlFiles: ${source === "" ? "a text" : source} is not a YAML mapping`);
  return values;
}
