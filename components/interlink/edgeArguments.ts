import * as pulumi from "@pulumi/pulumi";
import type { KubernetesApiExposure } from "./exposure";
import type { InternalIngress, KubernetesApiEdgeArgs } from "./kubernetesApiEdge";

/** The ways through pods of the edge; the one through an ingress comes with that ingress. */
export type EdgeExposure =
  Exclude<KubernetesApiExposure, { readonly type: "ingress" | "direct" }> | { readonly type: "ingress"; readonly ingress: InternalIngress };

type Direct = Extract<KubernetesApiExposure, { readonly type: "direct" }>;

/** The component's arguments, checked, where there are pods. */
export interface EdgeArgs extends Omit<KubernetesApiEdgeArgs, "exposure" | "ingress"> {
  readonly exposure: EdgeExposure;
}

type PropertyError = pulumi.InputPropertyErrorDetails;

/** Labels joined by dots, an IPv4 address among them; neither scheme nor port nor the colons of IPv6. */
const ADDRESS = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * The exposure with what it needs.
 * @throws pulumi.InputPropertiesError that names every bad argument
 */
export function checkedExposure(name: string, args: KubernetesApiEdgeArgs): EdgeExposure | Direct {
  const { exposure, ingress } = args;
  const errors = [...addressErrors(args), ...podErrors(args), ...poolErrors(args)];
  const complete = exposure.type === "ingress" ? ingress && { type: exposure.type, ingress } : exposure;
  if (complete !== undefined && errors.length === 0) return complete;
  throw new pulumi.InputPropertiesError({ message: `invalid ${name}`, errors: complete === undefined ? [...errors, noIngress] : errors });
}

const noIngress: PropertyError = {
  propertyPath: "ingress",
  reason: "absent, but the exposure is ingress: give the internal ingress controller that it goes through, or choose another exposure",
};

function addressErrors({ address }: KubernetesApiEdgeArgs): PropertyError[] {
  if (ADDRESS.test(address)) return [];
  const allowed = "an IPv4 address or a DNS name in lower case, without scheme, port or wildcard";
  return [{ propertyPath: "address", reason: `${JSON.stringify(address)} is not ${allowed}: write what HPC nodes connect to` }];
}

function podErrors({ exposure, image, replicas }: KubernetesApiEdgeArgs): PropertyError[] {
  if (exposure.type === "direct") return [];
  const counts = Number.isInteger(replicas) && replicas > 0;
  return [
    ...(counts ? [] : [{ propertyPath: "replicas", reason: `${replicas} is not a whole number above 0: write 1 or more` }]),
    ...(image === "" ? [{ propertyPath: "image", reason: "empty: name an unprivileged nginx image with its version" }] : []),
  ];
}

function poolErrors({ exposure }: KubernetesApiEdgeArgs): PropertyError[] {
  if (exposure.type !== "loadBalancer" || exposure.metalLB?.addresses.length !== 0) return [];
  const reason = "empty, but MetalLB's pool is made of them: list CIDR blocks or ranges, or leave metalLB out";
  return [{ propertyPath: "exposure.metalLB.addresses", reason }];
}
