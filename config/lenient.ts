import { z } from "zod";

/** An object of which every key that is missing or cannot be read is left out, so that the rules of all others are still told. */
export function lenient<T extends z.core.$ZodShape>(shape: T) {
  const keys = Object.entries(shape).map(([key, schema]) => [key, z.optional(schema).catch(undefined)]);
  return z.object(Object.fromEntries(keys) as { [Key in keyof T]: z.ZodCatch<z.ZodOptional<T[Key]>> });
}
