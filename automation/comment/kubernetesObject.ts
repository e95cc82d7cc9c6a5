/** A Kubernetes object as the engine knows it: a resource's inputs. */
export interface KubernetesObject {
  readonly urn: string;
  /** `Deployment`; a Patch has the kind of what it patches. */
  readonly kind: string;
  /** API group without its version; empty for the core group. */
  readonly group: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const token = /^kubernetes:(?:([a-z0-9.-]+)\/)?[^/:]+:(\w+)$/;

/** The object of a resource; undefined for resources of other providers. Helm's are no objects. */
export function kubernetesObject(urn: string, type: string, inputs: unknown): KubernetesObject | undefined {
  const [, group = "", kind = ""] = token.exec(type) ?? [];
  if (kind === "" || group === "helm.sh" || typeof inputs !== "object" || inputs === null) return undefined;
  return {
    urn,
    kind: kind.replace(/Patch$/, ""),
    group: group === "core" ? "" : group,
    inputs: inputs as Readonly<Record<string, unknown>>,
  };
}

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

/** `namespace/name`, or the name alone. */
export function objectName({ inputs }: KubernetesObject): string {
  const [namespace, name = "(named by the engine)"] = [textAt(inputs, "metadata", "namespace"), textAt(inputs, "metadata", "name")];
  return namespace === undefined ? name : `${namespace}/${name}`;
}
