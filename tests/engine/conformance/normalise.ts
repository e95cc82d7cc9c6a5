import type { Json, JsonObject } from "../../../local/plugins/server/provider";
import { isObject, isSecret } from "../../../local/plugins/server/values";

/**
 * Recorded values in a form that two runs can be compared by: what differs from run to run (ids, times, random suffixes) is replaced by its shape,
 * exactly as it was when the official provider was recorded.
 */

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const UNKNOWN = /04da6b54-80e4-46f7-96ec-b56ff0331ba9/g;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;

const keyed: Readonly<Record<string, string>> = {
  uid: "<uid>",
  resourceVersion: "<resourceVersion>",
  generation: "<generation>",
  observedGeneration: "<generation>",
};

/** The cluster's own; they come and go. */
const controllers = new Set<Json>(["kwok-controller", "kube-controller-manager", "kube-scheduler"]);

export class Normaliser {
  /** @param literals texts of this run and what stands for them */
  constructor(private readonly literals: readonly (readonly [string, string])[]) {}

  text(text: string): string {
    const replaced = this.literals.reduce((result, [literal, replacement]) => result.split(literal).join(replacement), text);
    return replaced
      .replace(/<\{%[a-z ]+%\}>/g, "")
      .replace(UNKNOWN, "<unknown>")
      .replace(TIME, (_, fraction: string | undefined, zone: string) => `<time${fraction === undefined ? "" : " fraction"} ${zone}>`)
      .replace(UUID, "<uuid>")
      .replace(/X509SHA256=[0-9a-f]{64}/g, "X509SHA256=<64 hex digits>")
      .replace(/-[0-9a-f]{8}(?![0-9a-z])/g, "-<8hex>");
  }

  value(value: Json, key = ""): Json {
    if (Array.isArray(value)) {
      const items = value as readonly Json[];
      return key === "managedFields" ? managers(items) : items.map((item) => this.value(item, key));
    }
    if (isObject(value)) return this.object(value, key);
    if (value !== null && key in keyed) return keyed[key] ?? "";
    if (typeof value !== "string") return value;
    return value.startsWith("LS0tLS1CRUdJTi") ? "<base64 PEM>" : this.text(value);
  }

  private object(object: JsonObject, key: string): Json {
    if (isSecret(object)) return { $secret: this.secret(object.plaintext, key) };
    if (SIGNATURE in object) return { $special: object[SIGNATURE] ?? "" };
    return Object.fromEntries(Object.entries(object).map(([name, value]) => [this.text(name), this.value(value, name)]));
  }

  private secret(plaintext: Json | undefined, key: string): Json {
    return typeof plaintext === "string" ? this.value(JSON.parse(plaintext) as Json, key) : "<cipher text>";
  }
}

/** Who manages which fields. */
function managers(entries: readonly Json[]): Json {
  const described = entries
    .filter(isObject)
    .filter(({ manager }) => manager === undefined || !controllers.has(manager))
    .map(describe);
  return described.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

function describe({ manager, operation, subresource, fieldsV1 }: JsonObject): JsonObject {
  const name = typeof manager === "string" ? manager.replace(/-[0-9a-f]{8}$/, "-<8hex>") : "";
  const fields = isObject(fieldsV1) ? leaves(fieldsV1).sort() : [];
  return { manager: name, operation: operation ?? "", ...(subresource === undefined ? {} : { subresource }), fields };
}

function leaves(node: JsonObject, at = ""): string[] {
  const inner = Object.entries(node).filter(([key]) => key !== ".");
  if (inner.length === 0) return at === "" ? [] : [at];
  return inner.flatMap(([key, value]) => leaves(isObject(value) ? value : {}, `${at}/${key.replace(/^f:/, "")}`));
}
