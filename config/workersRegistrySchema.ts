import { z } from "zod";
import { strings, toleration } from "./exposure";
import { cidr, dnsLabel, duration } from "./fields";
import { imageFields } from "./image";
import { nginxFields, PROBE_IMAGE } from "./sharedImages";
import { objectLabels } from "./labels";
import { registryExposureSchema } from "./workersRegistryExposure";
import { cronSchedule, registryHost, registryUser } from "./workersRegistryFields";
import { registryStorageSchema } from "./workersRegistryStorage";
import { containerResources, userId } from "./podFields";

/** The distribution registry; it runs as any user. */
export const REGISTRY_IMAGE = "docker.io/library/registry:3.1.1";

const certificate = z
  .strictObject({
    duration: duration("1h", "cert-manager's shortest")
      .optional()
      .meta({ description: "How long one leaf is valid; cert-manager renews it.", default: "2160h" }),
    renewBefore: duration("5m", "cert-manager's shortest")
      .optional()
      .meta({ description: "How long before its end the leaf is renewed; a third of the duration unless given." }),
    issuer: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "A ClusterIssuer that the cluster already has (ACME, Vault); the CA of certificateAuthority unless given." }),
    secretName: dnsLabel(253)
      .optional()
      .meta({ description: "A Secret with tls.crt and tls.key instead, in the namespace of the registry, or of its Ingress." }),
  })
  .prefault({})
  .meta({ description: "The leaf that clients and nodes see." });

const garbageCollection = z
  .strictObject({
    schedule: cronSchedule.meta({ description: "When the registry is started again to collect the garbage: five fields of cron, UTC." }),
    deleteUntagged: z
      .boolean()
      .default(false)
      .meta({ description: "Whether images that no tag names are garbage; those that are pulled by digest alone would go with them." }),
    ...imageFields(PROBE_IMAGE),
  })
  .meta({ description: "Frees what deleted and overwritten images held; nothing does unless given." });

const pullSecrets = z
  .strictObject({
    name: dnsLabel(253).default("image-registry").meta({ description: "Name of the Secret in each namespace." }),
    user: registryUser.optional().meta({ description: "The user whose login it holds; the first of users unless given." }),
    namespaces: z.array(dnsLabel()).default([]).meta({ description: "Namespaces that get it; they exist." }),
  })
  .prefault({})
  .meta({ description: "The registry's login for pods." });

const resources = containerResources({ cpu: "100m", memory: "128Mi" }, { memory: "1Gi" }).meta({
  description: "Of the registry's container.",
});

const flag = (description: string) => z.boolean().default(false).meta({ description });

/** `trustplane:workers.registry`: a private image registry. Absent means that there is none. */
export const registrySchema = z
  .strictObject({
    host: registryHost.meta({ description: "The name that images are pulled by." }),
    trustedByNodes: flag("States that nodes resolve the host by their own DNS and trust its certificate, so that they can pull."),
    namespace: dnsLabel()
      .default("image-registry")
      .meta({ description: "The registry's own namespace; it stays on destroy with the data." }),
    protect: flag("Refuse to take the data volume and its namespace out of the stack."),
    users: z
      .array(registryUser)
      .default(["cluster"])
      .meta({ description: "Users whose passwords are made; those of the secret workersRegistryUsers come beside them." }),
    pullSecrets,
    storage: registryStorageSchema,
    delete: flag("Whether users may delete images."),
    garbageCollection: garbageCollection.optional(),
    certificate,
    exposure: registryExposureSchema,
    allowedSources: z.array(cidr).default([]).meta({ description: "CIDR blocks that may connect; everyone unless given." }),
    serviceAccountAnnotations: strings.meta({ description: "Annotations by which a cloud knows the pod's ServiceAccount." }),
    ...imageFields(REGISTRY_IMAGE),
    nginx: nginxFields.meta({ description: "The nginx in the registry's pod, which ends TLS." }),
    runAsUser: userId.default(65_532).meta({ description: "The user that the registry's pod runs as." }),
    imagePullSecrets: z.array(dnsLabel(253)).default([]).meta({ description: "Names of pull secrets for its own images." }),
    resources,
    nodeSelector: objectLabels.default({}).meta({ description: "Labels of the nodes that the registry may run on." }),
    tolerations: z.array(toleration).default([]).meta({ description: "Taints that the registry's pod bears." }),
  })
  .meta({ description: "A private image registry; none unless given." });

/** The section as its schema reads it. */
export type GivenRegistry = z.output<typeof registrySchema>;
