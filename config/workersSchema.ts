import { z } from "zod";
import { cidr, dnsLabel, dnsName, nodePort, port, textWith } from "./fields";
import { imageFields, requiredImage } from "./image";
import { objectLabels } from "./labels";
import { line, webAddress } from "./textFields";
import { imagePullSecretsSchema } from "./workersPullSecrets";
import { registrySchema } from "./workersRegistrySchema";
import { podSecurityLevel, userId } from "./podFields";

/** The image of the charm, by its later name: it answers 404, and 200 on /healthz. */
export const DEFAULT_BACKEND_IMAGE = "registry.k8s.io/defaultbackend-amd64:1.5";

const proxy = z
  .strictObject({
    http: webAddress("the proxy for HTTP").optional().meta({ description: "Address of the proxy for plain HTTP." }),
    https: webAddress("the proxy for HTTPS").optional().meta({ description: "Address of the proxy for HTTPS." }),
    noProxy: z
      .array(line("a host"))
      .default([])
      .meta({ description: "Hosts reached without it, beside the cluster's own names and blocks." }),
    serviceCidrs: z
      .array(cidr)
      .min(1)
      .meta({ description: "CIDR blocks of the cluster's Services, each by its network address; the first address is the API server's." }),
    podCidrs: z.array(cidr).min(1).meta({ description: "CIDR blocks of the cluster's pods." }),
    namespaces: z
      .array(dnsLabel())
      .default([])
      .meta({ description: "Namespaces that get the ConfigMap trustplane-proxy, for workloads of others." }),
  })
  .meta({ description: "The proxy of every workload that this program makes; none unless given." });

/** Settings of one node. */
export const nodeSchema = z.strictObject({
  labels: objectLabels.default({}).meta({ description: "Labels, set where they are absent or equal." }),
  cordon: z
    .boolean()
    .default(false)
    .meta({ description: "Whether new pods are kept away; false leaves an operator's cordon (npm run node) as it is." }),
});

/** Kubernetes' minor version, by which the levels are defined. */
const levelVersion = textWith((text) =>
  /^(latest|v1\.(0|[1-9]\d*))$/.test(text)
    ? undefined
    : {
        allowed: 'a minor version of Kubernetes, like "v1.36", or "latest"',
        wayOut: 'write "v1.36", for example, with its v and without a patch',
      },
);

/** Levels of one namespace. */
export const namespaceSchema = z.strictObject({
  enforce: podSecurityLevel.meta({ description: "Pods beyond it are refused." }),
  audit: podSecurityLevel.default("restricted").meta({ description: "Pods beyond it are noted in the audit log." }),
  warn: podSecurityLevel.default("restricted").meta({ description: "Whoever makes pods beyond it is warned." }),
  version: levelVersion
    .default("v1.36")
    .meta({ description: "Version of Kubernetes that defines the levels; latest follows the cluster." }),
  create: z.boolean().default(false).meta({ description: "Whether the namespace is made here, and goes with the stack." }),
  protect: z.boolean().default(false).meta({ description: "Refuse to delete a namespace that was made here." }),
  isolate: z.boolean().default(false).meta({ description: "Whether pods of other namespaces are kept out of one that was made here." }),
});

const user = userId
  .default(65_534)
  .meta({ rule: "Pod Security's level restricted forbids root", description: "User that the image is known to work with." });

const serverFields = (replicas: number, healthPath: string) => ({
  port: port(1024, 65_535, "a process without rights cannot listen below 1024")
    .default(8080)
    .meta({ description: "Port that the image listens on." }),
  runAsUser: user,
  replicas: z.int().min(1).max(100).default(replicas).meta({ description: "Pods." }),
  healthPath: textWith((text) =>
    /^\/[^\s\p{Cc}]*$/u.test(text) ? undefined : { allowed: "a path that begins with a slash", wayOut: 'write "/healthz", for example' },
  )
    .default(healthPath)
    .meta({ description: "Path that answers probes with 200." }),
});

const defaultBackend = z
  .strictObject({ ...imageFields(DEFAULT_BACKEND_IMAGE), ...serverFields(1, "/healthz") })
  .meta({ description: "What answers requests for which the internal ingress has no host; the controller itself unless given." });

const exposure = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("ingress"),
      host: dnsName.meta({ description: "Host name, one of ingressNginx.certificate.dnsNames." }),
    }),
    z.strictObject({
      type: z.literal("nodePort"),
      nodePort: nodePort().meta({ description: "Port of every node." }),
      allowedSources: z.array(cidr).default([]).meta({ description: "CIDR blocks that may connect; everyone unless given." }),
    }),
  ])
  .meta({ description: "How clients outside the cluster reach it." });

const example = z
  .strictObject({
    ...requiredImage(),
    ...serverFields(3, "/"),
    exposure,
    namespace: dnsLabel().default("workers-example").meta({ description: "Namespace of an example on a node port, made here." }),
  })
  .meta({ description: "A small application as an example of what users run; none unless given." });

/** What stands behind the internal ingress. */
export const ingressSchema = z.strictObject({ defaultBackend: defaultBackend.optional(), example: example.optional() });

/** `trustplane:workers`: what a cluster's worker nodes, namespaces and workloads are given. Absent means nothing. */
export const workersSchema = z
  .strictObject({
    proxy: proxy.optional(),
    nodes: z
      .record(z.string(), nodeSchema)
      .default({})
      .meta({ description: "Labels and cordons, by the node's name. Taints are not set here." }),
    namespaces: z.record(z.string(), namespaceSchema).default({}).meta({ description: "Pod Security levels, by the namespace's name." }),
    ingress: ingressSchema.prefault({}).meta({ description: "What stands behind the internal ingress." }),
    registry: registrySchema.optional(),
    imagePullSecrets: imagePullSecretsSchema.optional(),
  })
  .meta({ description: "Settings of nodes and namespaces, the proxy, the registry; none where the section is absent." });

/** The section as its schema reads it. */
export type GivenWorkers = z.output<typeof workersSchema>;

/** The section without the values that were refused. */
export type ReadableWorkers = Partial<GivenWorkers>;
