import type { AccessProbeArgs } from "../components/interlink/accessProbe";
import type { NamedIssuer } from "../components/interlink/edgeIssuer";
import type { KubernetesApiEdgeArgs } from "../components/interlink/kubernetesApiEdge";
import { pinnedImage } from "./image";
import type { GivenInterlink } from "./interlinkSchema";
import { NGINX_IMAGE, PROBE_IMAGE } from "./sharedImages";

/** The way to the Kubernetes API; who signs its leaf unless it has an issuer of its own is known only to the program. */
export interface InterlinkConfig extends Omit<KubernetesApiEdgeArgs, "issuer" | "ingress"> {
  /** A ClusterIssuer that the cluster has. @default the platform's CA */
  readonly issuer?: NamedIssuer;
  /** The Job that lists a virtual node's rights. @default none */
  readonly accessProbe?: AccessProbeArgs;
}

/** Go duration of the edge's leaf where none is given. */
export const EDGE_LEAF_DURATION = "2160h";

/** The edge's own namespace where none is given. */
export const EDGE_NAMESPACE = "kubernetes-api-edge";

/** The section as the program uses it. */
export function resolveInterlink(given: GivenInterlink): InterlinkConfig {
  const { address, exposure, certificate } = given;
  return {
    address,
    exposure,
    alternativeNames: given.alternativeNames ?? { dnsNames: [], ipAddresses: [] },
    namespace: given.namespace ?? EDGE_NAMESPACE,
    allowedSources: given.allowedSources ?? [],
    certificate: { duration: certificate?.duration ?? EDGE_LEAF_DURATION, renewBefore: certificate?.renewBefore },
    issuer: certificate?.issuer,
    replicas: given.replicas ?? (exposure.type === "hostPort" ? 1 : 2),
    image: pinnedImage(given, NGINX_IMAGE),
    accessProbe: probeOf(given.accessProbe),
  };
}

function probeOf(given: GivenInterlink["accessProbe"]): AccessProbeArgs | undefined {
  if (given === undefined) return undefined;
  const { digest, image, ...probe } = given;
  return { ...probe, image: pinnedImage({ image, digest }, PROBE_IMAGE) };
}
