/** A value inside an object by its keys; undefined where the way there ends. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Readonly<Record<string, unknown>>)[key] : undefined),
    value,
  );
}

/** The same where it is text. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === "string" ? found : undefined;
}

/** The same where it is a list; empty where it is none, e.g. because it is not known yet. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

/** The texts of a list. */
export function textsAt(value: unknown, ...keys: readonly string[]): readonly string[] {
  return listAt(value, ...keys).filter((item): item is string => typeof item === "string");
}
