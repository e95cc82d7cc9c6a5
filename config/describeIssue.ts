import { z } from "zod";
import { nearestName } from "./nearestName";
import type { Problem } from "./problem";
import { keysOf, schemaAt, valueAt } from "./schemaAt";

const LONGEST_FOUND = 80;

/** What one of zod's issues means for the person who wrote the value; `schema` and `value` are those that zod was given. */
export function describeIssue(issue: z.core.$ZodIssue, schema: z.core.$ZodType, value: unknown): Problem[] {
  const owner = schemaAt(schema, issue.path, value);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey([...issue.path, key], keysOf(owner)));
  }
  const path = pathText(issue.path);
  const given = valueAt(value, issue.path);
  const found = foundText(given);
  if (issue.code === "custom") {
    const { wayOut, found: shown = found } = (issue.params ?? {}) as { readonly wayOut?: string; readonly found?: string };
    return [{ path, found: shown, allowed: issue.message, wayOut: String(wayOut) }];
  }
  return [{ path, found, allowed: allowedText(issue, owner), wayOut: wayOutText(issue, owner, path, given) }];
}

/** A path as people write it in `pulumi config set --path`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.map((key, index) => stepText(key, index === 0)).join("");
}

/** A value as the user wrote it, cut where it is long. */
export function foundText(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > LONGEST_FOUND ? `${text.slice(0, LONGEST_FOUND)}…` : text;
}

function stepText(key: PropertyKey, first: boolean): string {
  if (typeof key === "number") return `[${key}]`;
  const text = String(key);
  if (!/^[\w-]+$/.test(text)) return `[${JSON.stringify(text)}]`;
  return first ? text : `.${text}`;
}

function unknownKey(path: PropertyKey[], known: readonly string[]): Problem {
  const near = nearestName(String(path.at(-1)), known);
  const wayOut = near === undefined ? "remove it" : `did you mean "${near}"?`;
  return {
    path: pathText(path),
    found: "an unknown key",
    allowed: `the keys ${known.join(", ")}`,
    wayOut,
  };
}

function allowedText(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined): string {
  if (issue.code === "invalid_union") return `one of ${optionsOf(issue).map(String).join(", ")}`;
  const rule = schema instanceof z.ZodType ? schema.meta()?.rule : undefined;
  return typeof rule === "string" ? `${kindText(schema)} (${rule})` : kindText(schema);
}

function kindText(schema: z.core.$ZodType | undefined): string {
  if (schema instanceof z.ZodNumber)
    return `${schema instanceof z.ZodNumberFormat ? "an integer" : "a number"} from ${schema.minValue ?? 0} to ${schema.maxValue ?? Number.MAX_SAFE_INTEGER}`;
  if (schema instanceof z.ZodBoolean) return "true or false";
  if (schema instanceof z.ZodEnum) return `one of ${schema.options.join(", ")}`;
  if (schema instanceof z.ZodLiteral) return [...schema.def.values].map(String).join(", ");
  if (schema instanceof z.ZodArray) return "a list";
  if (schema instanceof z.ZodObject) return `an object with the keys ${keysOf(schema).join(", ")}`;
  if (schema instanceof z.ZodURL) return "an http:// or https:// address";
  return schema instanceof z.ZodString ? textKind(schema) : "an object";
}

function textKind(schema: z.ZodString): string {
  return schema.maxLength === null ? "text that is not empty" : `text of 1 to ${schema.maxLength} characters`;
}

function wayOutText(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined, path: string, given: unknown): string {
  if (given === undefined && issue.code === "invalid_type" && issue.expected === "object")
    return "add it to the stack's file, Pulumi.STACK.yaml";
  const missing = schema instanceof z.ZodType ? schema.meta()?.missing : undefined;
  if (given === undefined && typeof missing === "string") return missing;
  if (given === undefined) return `set it: pulumi config set --path 'trustplane:${path}' VALUE`;
  if (given === null || given === "") return "give it a value, or remove the line";
  if (issue.code === "invalid_type") return wrongTypeText(issue.expected, given);
  const wayOut = schema instanceof z.ZodType ? schema.meta()?.wayOut : undefined;
  if (typeof wayOut === "string") return wayOut;
  const near = nearestName(foundText(given).replaceAll('"', ""), optionsOf(issue).map(String));
  return near === undefined ? "write a value that is allowed, or remove the key if it has a default" : `did you mean "${near}"?`;
}

function wrongTypeText(expected: string, given: unknown): string {
  const quoted = typeof given === "string" && ((expected !== "string" && /^\d+$/.test(given)) || ["true", "false"].includes(given));
  if (quoted) return "write it without quotes";
  return expected === "string" ? "write it in quotes" : "write a value of that type";
}

function optionsOf(issue: z.core.$ZodIssue): readonly unknown[] {
  if (issue.code === "invalid_value") return issue.values;
  return issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options) ? issue.options : [];
}
