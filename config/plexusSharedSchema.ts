import { z } from "zod";
import { dnsLabel, isHostName, textWith } from "./fields";
import { labelValueFlaw, objectLabels } from "./labels";

/** Which zone a node is in; a cloud sets it itself. @see https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesiozone */
export const ZONE_LABEL = "topology.kubernetes.io/zone";

const workers = (kind: string) =>
  z
    .strictObject({
      labels: objectLabels.meta({ description: "The labels by which Plexus knows them; it publishes none, so ask for yours." }),
      names: z.array(z.string().min(1)).min(1).meta({ description: "Names of the nodes." }),
    })
    .optional()
    .meta({ description: `Nodes for ${kind} workloads.` });

const zone = textWith((text) =>
  text === "" ? { allowed: "the zone's name", wayOut: "write it, or remove the line" } : labelValueFlaw(text),
);

/** `nodes`: labels by which Plexus places pods; each is set where it is absent or equal. */
export const nodesSchema = z
  .strictObject({
    gpu: workers("GPU"),
    cpu: workers("CPU"),
    zones: z
      .record(z.string(), zone)
      .default({})
      .meta({ description: `Zone of each node, its label ${ZONE_LABEL}.` }),
  })
  .meta({ description: "Labels by which Plexus places pods, set where they are absent or equal; none unless given." });

const server = textWith((text) =>
  isHostName(text) || /^[\d.:a-f]+$/i.test(text)
    ? undefined
    : { allowed: "the host name or address of the NFS server", wayOut: "write the host alone; the exported folder is share" },
);

const share = textWith((text) =>
  text.startsWith("/")
    ? undefined
    : { allowed: "the exported folder, an absolute path", wayOut: `write "/${text.replace(/^.*:/, "").replace(/^\/+/, "")}", for example` },
);

const nfs = z
  .strictObject({
    name: dnsLabel().default("plexus-shared").meta({ description: "Name of the StorageClass that is made." }),
    server: server.meta({ description: "Host name or address of the NFS server." }),
    share: share.meta({ description: "The exported folder, in which each volume gets a folder of its own." }),
    reclaimPolicy: z.enum(["Retain", "Delete"]).default("Retain").meta({ description: "What becomes of a volume whose claim is deleted." }),
    mountOptions: z.array(z.string().min(1)).default(["nfsvers=4.1"]).meta({ description: "Options of the mount." }),
  })
  .meta({ description: "A class that is made here, on an NFS server; the cluster has the CSI driver nfs.csi.k8s.io." });

/** `storageClass`: where the volumes come from that all pods of a tenant mount, on whichever nodes they run. */
export const storageClassSchema = z
  .strictObject({
    existing: z.string().min(1).optional().meta({ description: "Name of a class that the cluster has." }),
    assumeReadWriteMany: z
      .boolean()
      .default(false)
      .meta({ description: "Whether existing is taken for one of many writers though its provisioner is known for one." }),
    nfs: nfs.optional(),
  })
  .meta({ description: "Where the volumes come from that many nodes mount: existing or nfs." });
