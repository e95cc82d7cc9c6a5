import { z } from "zod";
import { strings } from "./exposure";
import { nodePort, port } from "./fields";

/** How clients and nodes reach the registry: exactly one of four ways. */
export const registryExposureSchema = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("ingress"),
      className: z
        .string()
        .min(1)
        .optional()
        .meta({ description: "An IngressClass that the cluster has; this stack's internal one unless given." }),
      port: port().optional().meta({ description: "Port that the controller of className answers HTTPS on.", default: 443 }),
      annotations: strings.meta({ description: "Further annotations of the Ingress, for a controller that is no ingress-nginx." }),
    }),
    z.strictObject({
      type: z.literal("loadBalancer"),
      port: port().default(443).meta({ description: "Port of the load balancer." }),
      class: z.string().min(1).optional().meta({ description: "loadBalancerClass of the Service; the cluster's unless given." }),
      annotations: strings.meta({ description: "Annotations of the Service, for the cloud or MetalLB." }),
    }),
    z.strictObject({ type: z.literal("nodePort"), port: nodePort().meta({ description: "Port of every node." }) }),
    z.strictObject({
      type: z.literal("clusterIP"),
      port: port().default(443).meta({ description: "Port of the Service, which only pods reach." }),
    }),
  ])
  .prefault({ type: "ingress" })
  .meta({ description: "How clients and nodes reach the registry." });
