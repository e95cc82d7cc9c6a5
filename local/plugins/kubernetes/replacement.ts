import type { Json, JsonObject } from "../server/provider";
import { textAt } from "./fields";
import { isObject } from "./kubernetesObject";
import { isWithin, parsePath, type PropertyPath } from "./propertyPath";

/** Which fields replace ConfigMaps and Secrets when they change. */
export interface Mutability {
  readonly configMaps: boolean;
  readonly secrets: boolean;
}

const workloadSelector = ["spec.selector"];

const podFields =
  "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork hostPID hostname imagePullSecrets nodeName " +
  "nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates restartPolicy runtimeClassName schedulerName securityContext " +
  "serviceAccount serviceAccountName shareProcessNamespace subdomain terminationGracePeriodSeconds volumes";

const containerFields =
  "args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources securityContext stdin stdinOnce terminationMessagePath " +
  "terminationMessagePolicy tty volumeDevices volumeMounts workingDir";

const volumeSources =
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath iscsi local nfs " +
  "photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume";

/** Fields whose change replaces the object, as the official provider knows them: the server refuses to change them in place. */
const immutableFields: Readonly<Record<string, readonly string[]>> = {
  "apps/v1 DaemonSet": workloadSelector,
  "apps/v1 Deployment": workloadSelector,
  "apps/v1 StatefulSet": under("spec", "podManagementPolicy revisionHistoryLimit selector serviceName volumeClaimTemplates"),
  "batch/v1 Job": under("spec", "completions parallelism selector template"),
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1 RoleBinding": ["roleRef"],
  "storage.k8s.io/v1 StorageClass": ["parameters", "provisioner"],
  "v1 PersistentVolume": under("spec", volumeSources),
  "v1 PersistentVolumeClaim": under("spec", "accessModes selector storageClassName volumeName"),
  "v1 Pod": [
    ...under("spec", podFields),
    ...under("spec.containers[*]", containerFields),
    ...under("spec.initContainers[*]", containerFields),
  ],
  "v1 ResourceQuota": ["spec.scopes"],
  "v1 Service": ["spec.clusterIP"],
};

const identity: readonly PropertyPath[] = [parsePath("metadata.name"), parsePath("metadata.namespace")];

function under(prefix: string, fields: string): readonly string[] {
  return fields.split(" ").map((field) => `${prefix}.${field}`);
}

/** The paths whose change replaces this object; of a patch, only the identity of what it patches. */
export function replacingPaths(object: JsonObject, patch: boolean, mutable: Mutability): readonly PropertyPath[] {
  if (patch) return identity;
  const kind = `${textAt(object, ["apiVersion"])} ${textAt(object, ["kind"])}`;
  return [...identity, ...(dataFields(kind, object.immutable === true, mutable) ?? immutableFields[kind] ?? []).map(parsePath)];
}

function dataFields(kind: string, immutable: boolean, mutable: Mutability): readonly string[] | undefined {
  if (kind === "v1 ConfigMap") return mutable.configMaps && !immutable ? [] : ["binaryData", "data"];
  if (kind === "v1 Secret") return mutable.secrets && !immutable ? ["type"] : ["type", "stringData", "data"];
  return undefined;
}

/** Whether setting `value` at `path` touches one of the paths: it lies at or below one, or the value holds one. */
export function touches(path: PropertyPath, value: Json | undefined, paths: readonly PropertyPath[]): boolean {
  return paths.some((wanted) => isWithin(path, wanted) || (isWithin(wanted, path) && holds(value, wanted.slice(path.length))));
}

function holds(value: Json | undefined, rest: PropertyPath): boolean {
  const [part, ...deeper] = rest;
  if (part === undefined) return true;
  if (Array.isArray(value)) return (value as readonly Json[]).some((item) => holds(item, part === "*" ? deeper : rest));
  return isObject(value) && typeof part === "string" && part in value && holds(value[part], deeper);
}
