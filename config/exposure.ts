import { z } from "zod";
import { cidr, ipAddress, nodePort, port } from "./fields";

/** A taint that pods bear. */
export const toleration = z.strictObject({
  key: z.string().optional(),
  operator: z.enum(["Exists", "Equal"]).optional(),
  value: z.string().optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
  tolerationSeconds: z.int().min(0).optional(),
});

/** Labels, or annotations. */
export const strings = z.record(z.string(), z.string()).default({});

/** How clients outside the cluster reach the internal ingress: exactly one of three ways. */
export const exposureSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("hostPort"),
    http: port().default(6080).meta({ description: "Port of the node for HTTP." }),
    https: port().default(60_443).meta({ description: "Port of the node for HTTPS." }),
    nodeSelector: strings.meta({ description: "Labels of the nodes that the controller may run on." }),
    tolerations: z.array(toleration).default([]).meta({ description: "Taints that the controller's pods bear." }),
  }),
  z.strictObject({
    type: z.literal("loadBalancer"),
    https: port().default(60_443).meta({ description: "Port of the load balancer for HTTPS; HTTP is not exposed." }),
    class: z.string().min(1).optional().meta({ description: "loadBalancerClass of the Service." }),
    sourceRanges: z.array(cidr).default([]).meta({ description: "CIDR blocks that may connect; everyone where empty." }),
    annotations: strings.meta({ description: "Annotations of the Service, for the cloud or MetalLB." }),
    address: ipAddress.optional().meta({ description: "The fixed address to ask for; it is added to the certificate." }),
  }),
  z.strictObject({
    type: z.literal("nodePort"),
    https: nodePort().meta({ description: "Port of every node for HTTPS; HTTP is not exposed." }),
  }),
]);

/** How clients outside the cluster reach the internal ingress. */
export type Exposure = z.output<typeof exposureSchema>;
