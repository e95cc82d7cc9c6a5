import { z } from "zod";

type Path = readonly PropertyKey[];

/** The schema of the value at `path`; which of several shapes applies is read from the `value` itself. */
export function schemaAt(schema: z.core.$ZodType, path: Path, value: unknown): z.core.$ZodType | undefined {
  const outer = shapeOf(schema, value);
  const [key, ...rest] = path;
  if (key === undefined) return outer;
  const inner = memberOf(outer, key);
  return inner === undefined ? undefined : schemaAt(inner, rest, valueAt(value, [key]));
}

/** The value at `path`, `undefined` where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}

/** The keys that an object of this schema may have. */
export function keysOf(schema: z.core.$ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The schema without its optional and default wrappers, and of a union the member that `value` chose. */
function shapeOf(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return shapeOf(schema.def.innerType, value);
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const { discriminator } = schema.def;
  const chosen = valueAt(value, [discriminator]);
  return schema.options.find((option) => isLiteral(memberOf(option, discriminator), chosen)) ?? schema;
}

function isLiteral(schema: z.core.$ZodType | undefined, value: unknown): boolean {
  return schema instanceof z.ZodLiteral && schema.def.values.includes(value as z.core.util.Literal);
}

function memberOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<PropertyKey, z.core.$ZodType | undefined>)[key];
  if (schema instanceof z.ZodArray) return schema.def.element;
  return schema instanceof z.ZodRecord ? schema.def.valueType : undefined;
}
