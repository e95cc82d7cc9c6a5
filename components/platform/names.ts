/** The release under which Helm keeps cert-manager; fixed, so that CRDs kept by a destroy are taken over again. */
export const CERT_MANAGER_RELEASE = "cert-manager";

/** On everything that this program makes; `preflight/` tells its own objects from others by it. */
export const PART_OF_LABELS = { "app.kubernetes.io/part-of": "trustplane" } as const;

/** Which CA an object belongs to: the cluster's identifier. */
export const CERTIFICATE_AUTHORITY_LABEL = "trustplane.dev/certificate-authority";

/** Which generation of the CA a CA Secret holds. */
export const GENERATION_LABEL = "trustplane.dev/generation";

/** When the root behind a ClusterIssuer and its CA Secret expires, RFC 3339; whoever may not read Secrets reads it of the ClusterIssuer. */
export const NOT_AFTER_ANNOTATION = "trustplane.dev/not-after";

/** Which generations a trust bundle holds, ascending and joined by commas: `1,2`. */
export const GENERATIONS_ANNOTATION = "trustplane.dev/generations";

/** A generation that this program makes, or the company CA that it was given. */
export type Generation = number | "existing";

/** Name of the ClusterIssuer, and of the CA Secret behind it, of one generation. */
export function issuerName(identifier: string, generation: Generation): string {
  return `trustplane-${identifier}-ca-${generation}`;
}

/** The generation that a ClusterIssuer of this CA signs with; `undefined` for any other ClusterIssuer, and for a company's CA. */
export function generationOf(identifier: string, issuer: string): number | undefined {
  const prefix = issuerName(identifier, 0).slice(0, -1);
  const generation = issuer.startsWith(prefix) ? Number(issuer.slice(prefix.length)) : Number.NaN;
  return Number.isInteger(generation) && generation > 0 ? generation : undefined;
}

/** Labels of the CA Secret of one generation. */
export function certificateAuthorityLabels(identifier: string, generation: Generation): Record<string, string> {
  return { ...PART_OF_LABELS, [CERTIFICATE_AUTHORITY_LABEL]: identifier, [GENERATION_LABEL]: String(generation) };
}

/** Labels of every trust bundle of this CA; its generations stand in the annotation {@link GENERATIONS_ANNOTATION}. */
export function trustBundleLabels(identifier: string): Record<string, string> {
  return { ...PART_OF_LABELS, "app.kubernetes.io/component": "trust-bundle", [CERTIFICATE_AUTHORITY_LABEL]: identifier };
}

/** The controller that an IngressClass of this name belongs to; one of its own, so that no other controller takes its Ingresses. */
export function ingressControllerValue(className: string): string {
  return `k8s.io/ingress-${className}`;
}

/** Labels of the controller's pods, as the chart of ingress-nginx has them. */
export const INGRESS_CONTROLLER_LABELS = {
  "app.kubernetes.io/name": "ingress-nginx",
  "app.kubernetes.io/component": "controller",
} as const;
