import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ClaimArgs } from "../platform/keptObjects";

/** A bucket, or what is called so; nobody but the registry writes to it. */
interface ObjectStore {
  /** Folder in the bucket. @default its root */
  readonly rootDirectory?: string;
  /**
   * A Secret of the registry's namespace with `accesskey` and `secretkey` (s3), `keyfile` (gcs) or `accountkey` (azure).
   * @default none: the pod's ServiceAccount stands for an identity of the cloud
   */
  readonly credentialsSecret?: string;
}

/** Where images are kept. @see https://distribution.github.io/distribution/storage-drivers/ */
export type RegistryStorage =
  | ({ readonly type: "volume" } & Omit<ClaimArgs, "protect">)
  | ({
      readonly type: "s3";
      readonly bucket: string;
      readonly region: string;
      /** The address of a store that is not Amazon's. @default Amazon's */
      readonly endpoint?: string;
    } & ObjectStore)
  | ({ readonly type: "gcs"; readonly bucket: string } & ObjectStore)
  | ({ readonly type: "azure"; readonly accountName: string; readonly container: string } & ObjectStore);

/** Where the volume is mounted, as the image has it. */
export const dataPath = "/var/lib/registry";

/** Where a key file is mounted. */
const credentialsPath = "/credentials";

/** The section `storage` of the registry's configuration, without anything secret. */
export function storageParameters(storage: RegistryStorage): Record<string, unknown> {
  switch (storage.type) {
    case "volume":
      return { filesystem: { rootdirectory: dataPath } };
    case "s3": {
      const { bucket, region, endpoint, rootDirectory: rootdirectory } = storage;
      return { s3: { bucket, region, rootdirectory, ...(endpoint && { regionendpoint: endpoint, forcepathstyle: true }) } };
    }
    case "gcs": {
      const keyfile = storage.credentialsSecret === undefined ? undefined : `${credentialsPath}/keyfile`;
      return { gcs: { bucket: storage.bucket, rootdirectory: storage.rootDirectory, keyfile } };
    }
    case "azure": {
      const { accountName: accountname, container, rootDirectory: rootdirectory, credentialsSecret } = storage;
      const type = credentialsSecret === undefined ? "default_credentials" : "shared_key";
      return { azure: { accountname, container, rootdirectory, credentials: { type } } };
    }
  }
}

/** Keys of the credentials' Secret that become variables of the registry. */
const credentialVariables = {
  volume: {},
  s3: { REGISTRY_STORAGE_S3_ACCESSKEY: "accesskey", REGISTRY_STORAGE_S3_SECRETKEY: "secretkey" },
  gcs: {},
  azure: { REGISTRY_STORAGE_AZURE_ACCOUNTKEY: "accountkey" },
} as const satisfies Record<RegistryStorage["type"], Readonly<Record<string, string>>>;

/** The credentials as variables, from their Secret. */
export function storageEnvironment(storage: RegistryStorage): k8s.types.input.core.v1.EnvVar[] {
  const secretName = storage.type === "volume" ? undefined : storage.credentialsSecret;
  if (secretName === undefined) return [];
  return Object.entries(credentialVariables[storage.type]).map(([name, key]) => ({
    name,
    valueFrom: { secretKeyRef: { name: secretName, key } },
  }));
}

/** What the pod mounts for its storage. */
export interface StorageMount {
  readonly volume: k8s.types.input.core.v1.Volume;
  readonly mount: k8s.types.input.core.v1.VolumeMount;
}

/** The claim, or the key file; nothing where variables or the cloud's identity do. */
export function storageMounts(storage: RegistryStorage, claimName: pulumi.Input<string> | undefined): StorageMount[] {
  if (claimName !== undefined) {
    return [{ volume: { name: "data", persistentVolumeClaim: { claimName } }, mount: { name: "data", mountPath: dataPath } }];
  }
  if (storage.type !== "gcs" || storage.credentialsSecret === undefined) return [];
  const volume = { name: "credentials", secret: { secretName: storage.credentialsSecret, defaultMode: 0o440 } };
  return [{ volume, mount: { name: "credentials", mountPath: credentialsPath, readOnly: true } }];
}
