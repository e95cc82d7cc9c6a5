import type { KubernetesObject } from "../kubernetesObject";

/** `pulumi.com/skipAwait`: "true" means that readiness is not waited for. */
export function skipsAwait(object: KubernetesObject): boolean {
  return annotation(object, "pulumi.com/skipAwait")?.toLowerCase() === "true";
}

/**
 * The conditions of `pulumi.com/waitFor`: one expression, or a JSON list of them; `undefined` without the annotation.
 * @throws Error when the list is empty.
 */
export function waitedFor(object: KubernetesObject): readonly string[] | undefined {
  const text = annotation(object, "pulumi.com/waitFor");
  if (text === undefined || text === "") return undefined;
  const expressions = parseList(text) ?? [text];
  if (expressions.length === 0) throw new Error("at least one condition must be specified");
  return expressions;
}

/** Milliseconds to wait: `customTimeouts`, else `pulumi.com/timeoutSeconds`, else the kind's default; each in seconds. */
export function timeoutOf(object: KubernetesObject, customSeconds: number | undefined, defaultSeconds: number): number {
  if (customSeconds !== undefined && customSeconds > 0) return customSeconds * 1000;
  const text = annotation(object, "pulumi.com/timeoutSeconds");
  const annotated = text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  return (annotated ?? defaultSeconds) * 1000;
}

function annotation(object: KubernetesObject, name: string): string | undefined {
  const value = object.metadata.annotations?.[name];
  return typeof value === "string" ? value : undefined;
}

function parseList(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item): item is string => typeof item === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}
