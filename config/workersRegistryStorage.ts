import { z } from "zod";
import { dnsLabel } from "./fields";
import { line, webAddress } from "./textFields";
import { quantity } from "./quantity";

const objectStore = (keys: string) => ({
  rootDirectory: line("a folder").optional().meta({ description: "Folder in it; its root unless given." }),
  credentialsSecret: dnsLabel(253)
    .optional()
    .meta({ description: `A Secret of the registry's namespace with ${keys}; the cloud's identity of the pod unless given.` }),
});

/** Where images are kept: exactly one of four ways. */
export const registryStorageSchema = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("volume"),
      claimName: dnsLabel().default("image-registry-data").meta({ description: "Name of the volume's PersistentVolumeClaim." }),
      size: quantity.default("100Gi").meta({ description: "Size of the volume." }),
      storageClass: dnsLabel(253).optional().meta({ description: "StorageClass; the cluster's default class unless given." }),
    }),
    z.strictObject({
      type: z.literal("s3"),
      bucket: line("a bucket").meta({ description: "Name of the bucket, which exists." }),
      region: line("a region").meta({ description: "The bucket's region; any word where the store knows none." }),
      endpoint: webAddress("the store's address").optional().meta({ description: "Address of a store that is not Amazon's." }),
      ...objectStore("accesskey and secretkey"),
    }),
    z.strictObject({
      type: z.literal("gcs"),
      bucket: line("a bucket").meta({ description: "Name of the bucket, which exists." }),
      ...objectStore("keyfile"),
    }),
    z.strictObject({
      type: z.literal("azure"),
      accountName: line("a storage account").meta({ description: "Name of the storage account." }),
      container: line("a container").meta({ description: "Name of the container, which exists." }),
      ...objectStore("accountkey"),
    }),
  ])
  .prefault({ type: "volume" })
  .meta({ description: "Where images are kept." });
