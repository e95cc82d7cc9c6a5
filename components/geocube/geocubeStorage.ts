import type * as k8s from "@pulumi/kubernetes";
import { type ClaimArgs, keptClaim } from "../platform/keptObjects";
import { restrictedContainerSecurityContext } from "../platform/workload";
import { type Attachment, attachment } from "./attachment";
import { geocubeLabels, type GeocubeScope } from "./geocubeScope";

/** Where datasets and the marks of cancelled jobs are. Their addresses stand in the database, so every pod needs the same ones. */
export type GeocubeStorage =
  | ({
      /** One volume, mounted at one path by all. */
      readonly type: "volume";
      /** @default "/geocube-data" */
      readonly mountPath: string;
    } & Omit<ClaimArgs, "protect">)
  | {
      /** Buckets of Google Cloud Storage. */
      readonly type: "gcs";
      /** `gs://BUCKET/PREFIX` */
      readonly datasets: string;
      /** `gs://BUCKET/PREFIX` */
      readonly cancelledJobs: string;
    };

/** Both addresses, as flags have them. */
export function storageUris(storage: GeocubeStorage): { readonly datasets: string; readonly cancelledJobs: string } {
  if (storage.type === "gcs") return storage;
  return { datasets: `${storage.mountPath}/datasets`, cancelledJobs: `${storage.mountPath}/cancelled-jobs` };
}

/** The volume, whose claim stays on destroy, where every pod has it; nothing for buckets. */
export function storageAttachment(scope: GeocubeScope, storage: GeocubeStorage, protect: boolean): Attachment {
  if (storage.type === "gcs") return attachment({});
  const place = { namespace: scope.namespace, labels: geocubeLabels(scope) };
  const claim = keptClaim(`${scope.name}-storage`, { ...storage, ...place, protect }, scope.opts);
  return attachment({ volumes: [storageVolume(storage)], mounts: [storageMount(storage)], dependsOn: [claim] });
}

type Volume = Extract<GeocubeStorage, { readonly type: "volume" }>;

function storageVolume({ claimName }: Volume): k8s.types.input.core.v1.Volume {
  return { name: "storage", persistentVolumeClaim: { claimName } };
}

function storageMount({ mountPath }: Volume): k8s.types.input.core.v1.VolumeMount {
  return { name: "storage", mountPath };
}

/** Makes both folders before the server writes to them; buckets have none. */
export function storageFolders(
  { image, resources }: { readonly image: string; readonly resources: k8s.types.input.core.v1.ResourceRequirements },
  storage: GeocubeStorage,
): Pick<k8s.types.input.core.v1.PodSpec, "initContainers"> {
  if (storage.type === "gcs") return {};
  const { datasets, cancelledJobs } = storageUris(storage);
  const command = ["mkdir", "-p", datasets, cancelledJobs];
  const securityContext = restrictedContainerSecurityContext();
  return { initContainers: [{ name: "folders", image, command, resources, securityContext, volumeMounts: [storageMount(storage)] }] };
}
