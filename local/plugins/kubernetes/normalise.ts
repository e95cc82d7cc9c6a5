import { containsUnknown } from "../server/values";
import type { Json, JsonObject } from "../server/provider";
import { fieldAt, textAt, withField, withoutField } from "./fields";
import { isObject } from "./kubernetesObject";
import type { OpenApi, Schemas } from "./openApi";
import { canonicalQuantity } from "./quantity";
import { isDefinition, isSecretObject } from "./resourceType";

/** API groups of Kubernetes itself; objects of other groups are compared as they are written. */
const builtInGroups = new Set([
  ..."admissionregistration apiextensions apiregistration authentication authorization certificates coordination discovery events"
    .split(" ")
    .map((group) => `${group}.k8s.io`),
  ..."flowcontrol.apiserver networking node rbac.authorization resource scheduling storage".split(" ").map((group) => `${group}.k8s.io`),
  ...["", "apps", "autoscaling", "batch", "policy"],
]);

const readOnlyMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/**
 * Inputs in the form in which the server would give them back, so that what means the same looks the same: canonical quantities, `stringData` as
 * `data`, without unknown fields and empty lists and maps. Inputs that are not known yet, and custom resources, stay as they are.
 * Without the server's schemas (it is unreachable) only Secrets and read-only metadata are treated.
 */
export async function normalise(inputs: JsonObject, openApi: OpenApi | undefined): Promise<JsonObject> {
  const known = containsUnknown(inputs) || !isBuiltIn(inputs) ? inputs : await normaliseBuiltIn(inputs, openApi);
  return readOnlyMetadata.reduce((object, field) => withoutField(object, ["metadata", field]), known);
}

function isBuiltIn(inputs: JsonObject): boolean {
  const apiVersion = textAt(inputs, ["apiVersion"]);
  return apiVersion !== "" && builtInGroups.has(apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "");
}

async function normaliseBuiltIn(inputs: JsonObject, openApi: OpenApi | undefined): Promise<JsonObject> {
  if (isDefinition(inputs)) return normaliseDefinition(inputs);
  if (isSecretObject(inputs)) return normaliseSecret(inputs);
  const kind = { apiVersion: textAt(inputs, ["apiVersion"]), kind: textAt(inputs, ["kind"]) };
  const schema = await openApi?.schemaOf(kind);
  return schema === undefined ? inputs : normaliseObject(inputs, schema.node, schema.schemas);
}

/** The server drops `preserveUnknownFields: false` and a `status` that is given. */
function normaliseDefinition(inputs: JsonObject): JsonObject {
  const preserve = ["spec", "preserveUnknownFields"];
  return withoutField(fieldAt(inputs, preserve) === false ? withoutField(inputs, preserve) : inputs, ["status"]);
}

function normaliseSecret(inputs: JsonObject): JsonObject {
  const { stringData, data } = inputs;
  const encoded = isObject(data) ? mapValues(data, (value) => (typeof value === "string" ? recode(value) : value)) : {};
  if (!isObject(stringData) || Object.keys(stringData).length === 0) return isObject(data) ? withField(inputs, ["data"], encoded) : inputs;
  const added = mapValues(stringData, (value) => (typeof value === "string" ? Buffer.from(value).toString("base64") : value));
  return withField(withoutField(inputs, ["stringData"]), ["data"], { ...encoded, ...added });
}

function recode(base64: string): string {
  const stripped = base64.replace(/\s/g, "");
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(stripped) ? stripped : base64;
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function normaliseObject(value: JsonObject, node: JsonObject, schemas: Schemas): JsonObject {
  const { properties, additionalProperties } = node;
  if (isObject(additionalProperties)) return mapValues(value, (item) => normaliseValue(item, additionalProperties, schemas));
  if (!isObject(properties)) return value;
  const known = Object.entries(value).filter(([key, item]) => key in properties && !isEmptyOptional(item, key, node, schemas));
  return Object.fromEntries(known.map(([key, item]) => [key, normaliseValue(item, properties[key] ?? {}, schemas)]));
}

function normaliseValue(value: Json, property: Json, schemas: Schemas): Json {
  const { name, node } = schemas.resolve(property);
  if (name === "Quantity") return typeof value === "string" || typeof value === "number" ? canonicalQuantity(value) : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => normaliseValue(item, node.items ?? {}, schemas));
  return isObject(value) ? normaliseObject(value, node, schemas) : value;
}

/** Null, `[]`, and `{}` where any keys are allowed, mean that the field is absent. `{}` of named fields (`emptyDir: {}`) does not. */
function isEmptyOptional(value: Json, key: string, parent: JsonObject, schemas: Schemas): boolean {
  if (value === null) return true;
  if ((fieldAt(parent, ["required"]) as readonly Json[] | undefined)?.includes(key) === true) return false;
  if (Array.isArray(value)) return value.length === 0;
  return (
    isObject(value) &&
    Object.keys(value).length === 0 &&
    isObject(schemas.resolve(fieldAt(parent, ["properties", key])).node.additionalProperties)
  );
}
