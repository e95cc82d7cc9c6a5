import { clusterIssuerRef } from "../platform/certificates";
import type { Platform } from "../platform/platform";
import type { EdgeIssuer } from "./kubernetesApiEdge";

/** A ClusterIssuer that the cluster has (ACME, Vault). */
export interface NamedIssuer {
  readonly name: string;
  /** PEM of the roots that verify its certificates; absent for public ones. */
  readonly caBundle?: string;
}

/** Who signs the edge's leaf: the issuer that the stack names for the edge alone, else the platform's. */
export function edgeIssuer({ bundle, issuerRef }: Pick<Platform, "bundle" | "issuerRef">, named: NamedIssuer | undefined): EdgeIssuer {
  return named === undefined ? { ref: issuerRef, bundle } : { ref: clusterIssuerRef(named.name), bundle: named.caBundle ?? "" };
}
