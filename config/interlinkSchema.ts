import { z } from "zod";
import { strings } from "./exposure";
import { cidr, dnsLabel, dnsName, duration, ipAddress } from "./fields";
import { imageFields } from "./image";
import { NGINX_IMAGE, PROBE_IMAGE } from "./sharedImages";
import { interlinkAddress } from "./interlinkAddress";
import { interlinkExposureSchema } from "./interlinkExposure";

const alternativeNames = z
  .strictObject({
    dnsNames: z.array(dnsName).default([]),
    ipAddresses: z.array(ipAddress).default([]).meta({ description: "IPv4 and IPv6 addresses." }),
  })
  .meta({ description: "Further names of the certificate; none unless given." });

const issuer = z
  .strictObject({
    name: z.string().min(1).meta({ description: "Name of the ClusterIssuer." }),
    caBundle: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "PEM of the roots that its leaves chain to; none where they are public roots." }),
  })
  .meta({ description: "A ClusterIssuer that the cluster already has (ACME, Vault); the CA of certificateAuthority unless given." });

const certificate = z
  .strictObject({
    duration: duration("1h", "cert-manager's shortest")
      .optional()
      .meta({ description: "How long one leaf is valid (2160h unless given); cert-manager renews it.", default: "2160h" }),
    renewBefore: duration("5m", "cert-manager's shortest")
      .optional()
      .meta({ description: "How long before its end the leaf is renewed; a third of the duration unless given." }),
    issuer: issuer.optional(),
  })
  .meta({ description: "The leaf that HPC nodes see." });

const accessProbe = z
  .strictObject({
    nodeName: dnsLabel().meta({ description: "Name of the virtual node, the chart's nodeName." }),
    namespace: dnsLabel().default("interlink").meta({ description: "Namespace of the Job; it exists before the first up." }),
    serviceAccountName: z.string().min(1).default("default").meta({ description: "The ServiceAccount whose rights are listed." }),
    annotations: strings.meta({ description: "Annotations of the pod for the HPC side, like slurm-job.vk.io/flags." }),
    ...imageFields(PROBE_IMAGE),
  })
  .meta({ description: "A Job on the virtual node that lists its rights through the edge; none unless given." });

/** `trustplane:interlink`: the Kubernetes API for HPC nodes. Absent means that there is no way to it. */
export const interlinkSchema = z
  .strictObject({
    address: interlinkAddress.meta({ description: "What HPC nodes connect to: an IPv4 address or a DNS name." }),
    exposure: interlinkExposureSchema,
    alternativeNames: alternativeNames.optional(),
    namespace: dnsLabel().optional().meta({ description: "The edge's own namespace.", default: "kubernetes-api-edge" }),
    allowedSources: z.array(cidr).optional().meta({ description: "CIDR blocks that may connect; everyone unless given.", default: [] }),
    certificate: certificate.optional(),
    replicas: z
      .int()
      .min(1)
      .max(9)
      .optional()
      .meta({ description: "Pods of the edge: 2, or 1 where the exposure is hostPort, unless given." }),
    ...imageFields(NGINX_IMAGE),
    accessProbe: accessProbe.optional(),
  })
  .meta({ description: "The Kubernetes API for HPC nodes; no way to it where the section is absent." });

/** The section as its schema reads it; what is absent gets its default in `resolveInterlink`. */
export type GivenInterlink = z.output<typeof interlinkSchema>;
