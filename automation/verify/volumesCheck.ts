import type { ClusterReader } from "../../preflight/clusterReader";
import { type Check, failed, type Finding, ok } from "../checks/check";
import { objectsOf, placeOf, type StackObject, type VerifyContext } from "./verifyContext";

interface Claim {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly storageClassName?: string; readonly accessModes?: readonly string[] };
  readonly status?: { readonly phase?: string };
}

/** Set by the scheduler where a pod that uses the claim has a node. */
const selectedNode = "volume.kubernetes.io/selected-node";

/** Every PersistentVolumeClaim of the stack has its volume, or waits for its first pod where its class does so. */
export const volumesCheck: Check<VerifyContext> = {
  name: "volumes",
  async run(context, signal) {
    const reader = await context.open(signal);
    return Promise.all(objectsOf(context, "PersistentVolumeClaim").map((object) => findingOf(object, reader)));
  },
};

async function findingOf(object: StackObject, reader: ClusterReader): Promise<Finding> {
  const { namespace = "", name } = object;
  const live = (await reader.find(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`)) as Claim | undefined;
  if (live === undefined) return failed(placeOf(object), "is not on the cluster", "npm run refresh, then npm run up makes it again");
  const { storageClassName = "none", accessModes = [] } = live.spec ?? {};
  const text = `${live.status?.phase ?? "no phase"}, class ${storageClassName}, ${accessModes.join(", ")}`;
  if (live.status?.phase === "Bound") return ok(placeOf(object), text);
  if (await waitsForPod(live, reader))
    return ok(placeOf(object), `${text}; it binds with the first pod that uses it, and none has come yet`);
  const wayOut = `read why: kubectl describe pvc -n ${namespace} ${name}; the class must exist and have a provisioner for that access mode`;
  return failed(placeOf(object), text, wayOut);
}

async function waitsForPod({ metadata, spec, status }: Claim, reader: ClusterReader): Promise<boolean> {
  if (status?.phase !== "Pending" || metadata?.annotations?.[selectedNode] !== undefined || spec?.storageClassName === undefined)
    return false;
  const storageClass = await reader.find(`/apis/storage.k8s.io/v1/storageclasses/${spec.storageClassName}`);
  return (storageClass as { readonly volumeBindingMode?: string } | undefined)?.volumeBindingMode === "WaitForFirstConsumer";
}
