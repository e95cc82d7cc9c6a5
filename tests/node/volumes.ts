import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, KubeConfig, KubernetesObjectApi, type V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { bottleFolder } from "./machine";

const pollMillis = 300;
const selectedNode = "volume.kubernetes.io/selected-node";

// `volumes.ts KUBECONFIG NODE...`: what a storage provisioner does for the classes `shared` and `local-path`, as a process of its own. A claim gets a
// folder, which the kubelet gives to the pod's group as it does with a block device. All nodes are one machine's, and see the same folders.

const [kubeconfig = "", ...allNodes] = process.argv.slice(2);
const config = new KubeConfig();
config.loadFromFile(kubeconfig);
const core = config.makeApiClient(CoreV1Api);
const objects = KubernetesObjectApi.makeApiClient(config);

async function provision(): Promise<void> {
  const { items } = await core.listPersistentVolumeClaimForAllNamespaces();
  for (const claim of items) {
    const nodes = nodesOf(claim);
    if (nodes === undefined) continue;
    const folder = path.join(bottleFolder(), "volumes", `pvc-${claim.metadata?.uid ?? ""}`);
    fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
    await objects.create(volume(claim, folder, nodes)).catch(ignoreExisting);
  }
}

/** The nodes that are to mount it; undefined where it wants no volume, or not yet. */
function nodesOf({ metadata, spec, status }: V1PersistentVolumeClaim): readonly string[] | undefined {
  const className = spec?.storageClassName ?? "";
  if (status?.phase !== "Pending" || metadata?.deletionTimestamp !== undefined) return undefined;
  if (className === "shared") return allNodes;
  const chosen = metadata?.annotations?.[selectedNode];
  const several = spec?.accessModes?.includes("ReadWriteMany") === true;
  return className === "local-path" && chosen !== undefined && !several ? [chosen] : undefined;
}

async function reclaim(): Promise<void> {
  const { items } = await core.listPersistentVolume();
  const released = items.filter(({ spec, status }) => status?.phase === "Released" && spec?.persistentVolumeReclaimPolicy === "Delete");
  for (const { metadata, spec } of released) {
    fs.rmSync(spec?.local?.path ?? "", { recursive: true, force: true });
    await core.deletePersistentVolume({ name: metadata?.name ?? "" });
  }
}

function volume({ metadata, spec }: V1PersistentVolumeClaim, folder: string, values: readonly string[]): object {
  const hostname = { key: "kubernetes.io/hostname", operator: "In", values };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: path.basename(folder) },
    spec: {
      accessModes: spec?.accessModes,
      capacity: spec?.resources?.requests,
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: spec?.storageClassName,
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        name: metadata?.name,
        namespace: metadata?.namespace,
        uid: metadata?.uid,
      },
      local: { path: folder },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [hostname] }] } },
    },
  };
}

function ignoreExisting(error: unknown): void {
  if ((error as { code?: number }).code !== 409) throw error;
}

async function main(): Promise<void> {
  for (;;) {
    // an API server that restarts is asked again
    await provision()
      .then(reclaim)
      .catch((error: unknown) => {
        console.error(error);
      });
    await sleep(pollMillis);
  }
}

void main();
