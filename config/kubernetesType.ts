/** The type token of a chart that is installed. */
export const releaseType = "kubernetes:helm.sh/v3:Release";

/** A Kubernetes object's type, out of a type token. */
export interface KubernetesType {
  /** `""` for the core group. */
  readonly group: string;
  readonly version: string;
  /** `Deployment`, for a Deployment as for a DeploymentPatch. */
  readonly kind: string;
  /** Whether it names only the fields that it sets. */
  readonly patch: boolean;
}

/**
 * Reads a type token, of a custom resource's too.
 *
 * By token and not by class, because a class of `…Patch` or of a custom resource is none of the base class, and would pass every rule.
 * @returns undefined where it is no Kubernetes object's
 */
export function kubernetesType(token: string): KubernetesType | undefined {
  const match = /^kubernetes:(?:([^/:]+)\/)?([^/:]+):([A-Za-z0-9]+)$/.exec(token);
  if (match === null) return undefined;
  const [, group = "", version = "", name = ""] = match;
  const patch = name.endsWith("Patch") && name !== "Patch";
  return { group: group === "core" ? "" : group, version, kind: patch ? name.slice(0, -"Patch".length) : name, patch };
}

/** Whether a token is that of one of the kinds in a group, whatever the version. */
export function isKind(token: string, group: string, ...kinds: readonly string[]): boolean {
  const type = kubernetesType(token);
  return type !== undefined && type.group === group && kinds.includes(type.kind);
}

/** The group of an `apiVersion`; `""` for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}
