/** Who has set which fields of an object. @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
export interface ManagedFields {
  readonly manager?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

/** Who has set each label, by the label's key. */
export function labelManagers(entries: readonly ManagedFields[] = []): Record<string, readonly string[]> {
  const claims = entries.flatMap(({ manager = "", fieldsV1 }) => keysOf(fieldsV1).map((label) => ({ label, manager })));
  const grouped = new Map<string, string[]>();
  for (const { label, manager } of claims) grouped.set(label, [...new Set([...(grouped.get(label) ?? []), manager])]);
  return Object.fromEntries(grouped);
}

function keysOf(fields: ManagedFields["fieldsV1"]): string[] {
  const labels = inside(inside(fields, "f:metadata"), "f:labels");
  return Object.keys(labels ?? {})
    .filter((key) => key.startsWith("f:"))
    .map((key) => key.slice(2));
}

function inside(fields: unknown, key: string): Readonly<Record<string, unknown>> | undefined {
  return (fields as Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined)?.[key];
}
