import * as pulumi from "@pulumi/pulumi";
import type { Platform } from "./platform";

/** The stack output `platform`: what a stack that stands on this one's platform reads of it. */
export interface PublishedPlatform {
  /** The cluster's lasting name. */
  readonly identifier: string;
  /** Name of the ClusterIssuer that signs. */
  readonly issuer: string;
  /** PEM of the roots, all live generations. */
  readonly bundle: string;
  /** The live generations. */
  readonly generations: readonly number[];
  /** The way to the Kubernetes API from outside; absent where there is no edge. */
  readonly kubernetesApi?: { readonly address: string; readonly port: string; readonly caBundle: string };
  /** What tenants share; absent where the stack has no section `plexus`. */
  readonly plexus?: { readonly clusterRole: string; readonly storageClass: string };
}

/** The systems of which other stacks use a part. */
export interface SharedSystems {
  readonly edge?: { readonly [Key in "address" | "port" | "caBundle"]: pulumi.Input<string> };
  readonly plexus?: { readonly [Key in "clusterRole" | "storageClass"]: pulumi.Input<string> };
}

/** Takes from the components what other stacks need, and nothing secret. */
export function publishedPlatform(
  { identifier, issuerRef, bundle, generations }: Pick<Platform, "identifier" | "issuerRef" | "bundle" | "generations">,
  { edge, plexus }: SharedSystems,
): pulumi.Output<PublishedPlatform> {
  return pulumi.output({
    identifier,
    issuer: issuerRef.name,
    bundle,
    generations,
    ...(edge && { kubernetesApi: { address: edge.address, port: edge.port, caBundle: edge.caBundle } }),
    ...(plexus && { plexus: { clusterRole: plexus.clusterRole, storageClass: plexus.storageClass } }),
  });
}
