import { z } from "zod";
import { lenient } from "./lenient";
import { ingressSchema, namespaceSchema, nodeSchema, workersSchema } from "./workersSchema";

/** The section without the nodes, namespaces and parts that cannot be read, so that the rules of all others are still told. */
export const readableWorkersSchema = workersSchema.partial().extend({
  nodes: entries(nodeSchema),
  namespaces: entries(namespaceSchema),
  ingress: lenient(ingressSchema.shape).default({}),
});

function entries<T>(schema: z.ZodType<T>) {
  return z
    .record(z.string(), z.unknown())
    .default({})
    .transform((given) => {
      const read = Object.entries(given).map(([name, value]) => [name, schema.safeParse(value).data] as const);
      return Object.fromEntries(read.filter((entry): entry is readonly [string, T & NonNullable<unknown>] => entry[1] !== undefined));
    });
}
