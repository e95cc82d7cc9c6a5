import { z } from "zod";
import { SECRET_KEYS } from "./secretKeys";
import { stackSchema } from "./stackSchema";

/** Says in the file itself where it comes from. */
const MARK = "Generated from the schemas in config/ by `npm run schema`; do not edit.";

/** What the engine writes for an encrypted value. */
const secret = { type: "object", properties: { secure: { type: "string" } }, required: ["secure"], additionalProperties: false };

/** The text of `config/stack.schema.json`: what editors know about a `Pulumi.<stack>.yaml`. */
export function stackJsonSchema(): string {
  const sections = z.toJSONSchema(stackSchema, { io: "input", override: withoutOwnWords }).properties ?? {};
  const properties = Object.fromEntries(Object.entries(sections).map(([key, section]) => [`trustplane:${key}`, section]));
  for (const key of SECRET_KEYS) Object.assign(properties[`trustplane:${key}`] as object, secret);
  const config = {
    type: "object",
    properties,
    required: ["trustplane:cluster"],
    propertyNames: { anyOf: [{ enum: Object.keys(properties) }, { not: { pattern: "^trustplane:" } }] },
  };
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $comment: MARK,
    title: "Stack configuration of trustplane",
    type: "object",
    properties: { config },
    required: ["config"],
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** `rule`, `missing` and `wayOut` are for this program's own messages; a strict validator does not know them. */
function withoutOwnWords({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  delete jsonSchema.rule;
  delete jsonSchema.missing;
  delete jsonSchema.wayOut;
}
