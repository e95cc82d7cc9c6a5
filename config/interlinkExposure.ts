import { z } from "zod";
import { addressRange } from "./addressRange";
import { strings, toleration } from "./exposure";
import { dnsLabel, nodePort, port } from "./fields";

const metalLB = z
  .strictObject({
    namespace: dnsLabel().default("metallb-system").meta({ description: "MetalLB's own namespace, the only one whose pools it reads." }),
    addresses: z.array(addressRange).min(1).meta({ description: "What the pool may hand out: CIDR blocks, or ranges first-last." }),
  })
  .meta({ description: "Makes MetalLB's address pool and its layer 2 advertisement; none unless given." });

/** How HPC nodes reach the Kubernetes API: exactly one of five ways. */
export const interlinkExposureSchema = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("ingress") }),
    z.strictObject({
      type: z.literal("loadBalancer"),
      port: port().default(60_443).meta({ description: "Port of the load balancer." }),
      class: z.string().min(1).optional().meta({ description: "loadBalancerClass of the Service; the cluster's unless given." }),
      annotations: strings.meta({ description: "Annotations of the Service, for the cloud." }),
      metalLB: metalLB.optional(),
    }),
    z.strictObject({
      type: z.literal("hostPort"),
      port: port().default(60_443).meta({ description: "Port of each node that runs the edge." }),
      nodeSelector: strings.meta({ description: "Labels of the nodes that the edge may run on." }),
      tolerations: z.array(toleration).default([]).meta({ description: "Taints that the edge's pods bear." }),
    }),
    z.strictObject({ type: z.literal("nodePort"), port: nodePort().meta({ description: "Port of every node." }) }),
    z.strictObject({
      type: z.literal("direct"),
      port: port().default(6443).meta({ description: "Port of the API server's own endpoint." }),
    }),
  ])
  .meta({ description: "How HPC nodes reach the Kubernetes API." });
