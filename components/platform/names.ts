/** Labels and names that the preflight finds objects of earlier updates by. */

export const authorityLabel = "trustplane.dev/certificate-authority";
export const generationLabel = "trustplane.dev/generation";
/** On a TrustBundle's ConfigMap: the generations whose roots it holds, e.g. `1,2`. */
export const generationsAnnotation = "trustplane.dev/generations";
export const trustBundleLabels = { "app.kubernetes.io/part-of": "trustplane", "app.kubernetes.io/component": "trust-bundle" } as const;

/** Name of a generation's ClusterIssuer and CA Secret; generation 0 is a CA that was not made here. */
export function issuerName(identifier: string, generation: number): string {
  return generation === 0 ? `trustplane-${identifier}-ca` : `trustplane-${identifier}-ca-${generation}`;
}

/** Labels of a generation's CA Secret. */
export function partOf(identifier: string, generation: number): Record<string, string> {
  return { "app.kubernetes.io/part-of": "trustplane", [authorityLabel]: identifier, [generationLabel]: `${generation}` };
}
