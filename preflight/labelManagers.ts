import { KEPT_FIELD_MANAGER } from "../components/platform/keptObjects";
import type { KubernetesObject } from "./clusterReader";

/** Who has set which fields of an object. @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
export interface ManagedFields {
  readonly manager?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

/** An object of the API server with who has set what. */
export interface ManagedObject extends KubernetesObject {
  readonly metadata?: KubernetesObject["metadata"] & { readonly managedFields?: readonly ManagedFields[] };
}

/** How the provider calls itself, with a suffix of its own for each patch. */
export const OUR_MANAGER = "pulumi-kubernetes";

/** Whether what these managers have set was set by this program alone. */
export function isOurs(managers: readonly string[]): boolean {
  return managers.length > 0 && managers.every((manager) => manager === KEPT_FIELD_MANAGER || manager.startsWith(OUR_MANAGER));
}

/** The same of what stays on destroy, which every stack sets under one name, so that another stack takes it up. */
export function isOursAndKept(managers: readonly string[]): boolean {
  return managers.length > 0 && managers.every((manager) => manager === KEPT_FIELD_MANAGER);
}

/** Who has set the field at this path. */
export function fieldManagers(entries: readonly ManagedFields[] = [], ...path: readonly string[]): readonly string[] {
  const claims = entries.filter(
    ({ fieldsV1 }) => path.reduce<unknown>((fields, key) => inside(fields, `f:${key}`), fieldsV1) !== undefined,
  );
  return [...new Set(claims.map(({ manager = "" }) => manager))];
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
