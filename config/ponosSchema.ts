import { z } from "zod";
import { toleration } from "./exposure";
import { dnsLabel } from "./fields";
import { imageFields, requiredImage } from "./image";
import { objectLabels } from "./labels";
import { agentFields } from "./ponosAgentSchema";
import { containerPath, line, webAddress } from "./textFields";
import { quantity } from "./quantity";
import { containerResources, restrictedUser, userId } from "./podFields";

/** A shell and the few commands that fill a volume; it runs as any user. */
export const FILL_IMAGE = "docker.io/library/busybox:1.37.0";

/** Claims whose name is part of a Job's name, with a digest behind it. */
const LONGEST_CA_CLAIM = 52;

const storage = z
  .strictObject({
    claimName: dnsLabel().default("ponos-data").meta({ description: "Name of the data volume's PersistentVolumeClaim." }),
    size: quantity.default("100Gi").meta({ description: "Size of the data volume." }),
    storageClass: dnsLabel(253).optional().meta({ description: "StorageClass of both volumes; the cluster's default class unless given." }),
    accessMode: z
      .enum(["ReadWriteMany", "ReadWriteOnce"])
      .default("ReadWriteMany")
      .meta({ description: "ReadWriteOnce only where agent and jobs all run on one node." }),
    assumeReadWriteMany: z
      .boolean()
      .default(false)
      .meta({ description: "Whether to believe that the class gives ReadWriteMany although it is known not to as it is shipped." }),
  })
  .meta({ description: "The volume that the agent and its jobs share." });

const caBundle = z
  .strictObject({
    enabled: z.boolean().default(true).meta({ description: "false leaves agent and jobs with the roots of their images." }),
    claimName: dnsLabel(LONGEST_CA_CLAIM, "a Job's name is made from it").default("my-ca-bundle").meta({
      description: "Name of the PersistentVolumeClaim with ca-bundle.crt.",
    }),
    mountPath: containerPath.default("/ssl").meta({ description: "Where agent and jobs mount it." }),
    publicRoots: z.boolean().default(true).meta({ description: "Whether the public roots are in it: its variables replace the system's." }),
    variables: z
      .array(z.enum(["SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"]))
      .default([])
      .meta({ description: "Variables that name the bundle beside AWS_CA_BUNDLE and REQUESTS_CA_BUNDLE." }),
    runAsUser: userId.default(65_532).meta({ description: "User that writes the file." }),
    ...imageFields(FILL_IMAGE),
  })
  .meta({ description: "The private CA for the agent and its jobs." });

const securityContext = z
  .strictObject({ runAsUser: restrictedUser, runAsGroup: restrictedUser.optional(), fsGroup: restrictedUser.optional() })
  .meta({ description: "A user that the image is known to work with; with it the pod meets the level restricted." });

const resources = containerResources({ cpu: "100m", memory: "256Mi" }, { memory: "1Gi" }).meta({ description: "Of the agent alone." });

const proxy = z
  .strictObject({
    http: webAddress("the proxy for HTTP").optional(),
    https: webAddress("the proxy for HTTPS").optional(),
    noProxy: z.array(line("a host")).default([]).meta({ description: "Hosts reached without it, beside the cluster's own names." }),
  })
  .meta({ description: "The proxy of the agent and its jobs; none unless given." });

/** `trustplane:ponos`: the Ponos agent of one farm. Absent means that there is none. */
export const ponosSchema = z
  .strictObject({
    ...agentFields,
    generateSeed: z.boolean().default(false).meta({
      description: "Whether a seed is made, as the secret output ponosSeed, for the farm; else the secret ponosSeed is the farm's.",
    }),
    ...requiredImage(),
    imagePullSecrets: z.array(dnsLabel(253)).default([]).meta({ description: "Names of pull secrets in the agent's namespace." }),
    namespace: dnsLabel().default("default").meta({ description: "Namespace of the agent and its jobs; made unless it is default." }),
    protect: z
      .boolean()
      .default(false)
      .meta({ description: "Refuse to take the data volume, and a namespace of its own, out of the stack." }),
    networkPolicy: z.boolean().default(true).meta({
      description: "Whether nobody may connect to pods of a namespace of its own; false where tasks serve each other.",
    }),
    configuration: z
      .enum(["secret", "configMap"])
      .default("secret")
      .meta({ description: "Where agent.yml is kept; a ConfigMap shows the seed to everyone who may read it." }),
    rbac: z
      .enum(["namespaced", "cluster"])
      .default("namespaced")
      .meta({ description: "Whether the agent's rights hold in its namespace or, as upstream has it, in every one." }),
    stopJobs: z.boolean().default(false).meta({ description: "Adds the rights to delete and patch Jobs, by which one is stopped." }),
    storage: storage.prefault({}),
    caBundle: caBundle.prefault({}),
    proxy: proxy.optional(),
    resources,
    nodeSelector: objectLabels.default({}).meta({ description: "Labels of the nodes that the agent may run on." }),
    tolerations: z.array(toleration).default([]).meta({ description: "Taints that the agent's pod bears." }),
    securityContext: securityContext.optional(),
  })
  .meta({ description: "The Ponos agent of one Arkindex farm; none where the section is absent." });

/** The section as its schema reads it. */
export type GivenPonos = z.output<typeof ponosSchema>;

/** The section without the values that were refused. */
export type ReadablePonos = Partial<GivenPonos>;
