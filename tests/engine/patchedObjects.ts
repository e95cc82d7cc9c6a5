import * as path from "node:path";
import { patchForceMapping } from "../../config/patchForce";
import { projectRoot } from "../../local/paths";
import type { ControlPlaneTestbed } from "./controlPlaneTestbed";

const component = (file: string): string => `require(${JSON.stringify(path.join(projectRoot, "components", file))})`;
const levels = { enforce: "restricted", audit: "restricted", warn: "restricted", version: "v1.36" };
const namespace = { name: "patched", ...levels, create: false, protect: false, isolate: false };
const claim = {
  claimName: "data",
  namespace: "patched",
  labels: { "app.kubernetes.io/name": "ours" },
  size: "1Gi",
  accessMode: "ReadWriteOnce",
};
const accounts = {
  secrets: [],
  logins: {},
  serviceAccounts: [],
  defaultServiceAccounts: [{ namespace: "patched", imagePullSecrets: ["ours"] }],
};

/** What a patch of the components sets, and what somebody else has set there before. */
interface PatchedObject {
  /** JavaScript that makes the patch. */
  readonly patch: string;
  /** Arguments of kubectl that set the field as another manager. */
  readonly plant: readonly string[];
  /** Arguments of `kubectl get` that print the field. */
  readonly field: readonly string[];
  readonly value: string;
  readonly manager: string;
}

/** Every way in which the components patch an object of the cluster, by the kind of the object. */
export const patchedObjects: Readonly<Record<string, PatchedObject>> = {
  "a node's zone": {
    patch: `${component("platform/nodePatches")}.nodePatches("patch", [{ node: "worker-c", labels: { "topology.kubernetes.io/zone": "ours" } }], { provider });`,
    plant: ["label", "node", "worker-c", "--overwrite", "--field-manager=cloud", "topology.kubernetes.io/zone=theirs"],
    field: ["node", "worker-c", "-o", "jsonpath={.metadata.labels.topology\\.kubernetes\\.io/zone}"],
    value: "theirs",
    manager: "cloud",
  },
  "a namespace's level": {
    patch: `new (${component("workers/namespaceSecurity")}.NamespaceSecurity)("patch", { namespaces: [${JSON.stringify(namespace)}] }, { provider });`,
    plant: ["label", "namespace", "patched", "--field-manager=admin", "pod-security.kubernetes.io/enforce=privileged"],
    field: ["namespace", "patched", "-o", "jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}"],
    value: "privileged",
    manager: "admin",
  },
  "a ServiceAccount's pull secrets": {
    patch: `new (${component("workers/imagePullSecrets")}.ImagePullSecrets)("patch", ${JSON.stringify(accounts)}, { provider });`,
    plant: [
      "patch",
      "serviceaccount",
      "default",
      "-n",
      "patched",
      "--field-manager=admin",
      "-p",
      '{"imagePullSecrets":[{"name":"theirs"}]}',
    ],
    field: ["serviceaccount", "default", "-n", "patched", "-o", "jsonpath={.imagePullSecrets[*].name}"],
    value: "theirs",
    // a ServiceAccount that its controller made records nobody until the first apply
    manager: "before-first-apply",
  },
  "a kept claim's label": {
    patch: `${component("platform/keptObjects")}.keptClaim("patch", ${JSON.stringify(claim)}, { provider });`,
    plant: ["label", "persistentvolumeclaim", "data", "-n", "patched", "--field-manager=admin", "app.kubernetes.io/name=theirs"],
    field: ["persistentvolumeclaim", "data", "-n", "patched", "-o", "jsonpath={.metadata.labels.app\\.kubernetes\\.io/name}"],
    value: "theirs",
    manager: "admin",
  },
  "a kept namespace's label": {
    patch: `${component("platform/keptObjects")}.keptNamespace("patch", { namespace: "patched", labels: { owner: "ours" }, protect: false }, { provider });`,
    plant: ["label", "namespace", "patched", "--field-manager=admin", "owner=theirs"],
    field: ["namespace", "patched", "-o", "jsonpath={.metadata.labels.owner}"],
    value: "theirs",
    manager: "admin",
  },
};

/** The program that makes one of them as the components do. */
export function patching(cluster: ControlPlaneTestbed, patch: string): string {
  const provider = { identifier: "lab", kubeconfig: cluster.layout.kubeconfig };
  return `const provider = ${component("platform/clusterProvider")}.clusterProvider(${JSON.stringify(provider)});\n${patch}`;
}

/** The program that patched with a provider that forces, as this project's did at first. */
export function forcing(cluster: ControlPlaneTestbed): string {
  const provider = { clusterIdentifier: "lab", kubeconfig: cluster.layout.kubeconfig, enablePatchForce: true };
  const metadata = {
    name: "worker-c",
    labels: { "topology.kubernetes.io/zone": "ours" },
    annotations: { "pulumi.com/patchForce": "false" },
  };
  return `const k8s = require(${JSON.stringify(require.resolve("@pulumi/kubernetes"))});
const provider = new k8s.Provider("cluster", ${JSON.stringify(provider)}, ${JSON.stringify({ envVarMappings: patchForceMapping })});
new k8s.core.v1.NodePatch("patch-node-worker-c", ${JSON.stringify({ metadata })}, { provider });`;
}

/** The namespace, and a claim in it that waits for a volume. */
export async function plantObjects(cluster: ControlPlaneTestbed): Promise<void> {
  const spec = { accessModes: ["ReadWriteOnce"], storageClassName: "by-hand", resources: { requests: { storage: "1Gi" } } };
  const metadata = { name: "data", namespace: "patched" };
  await cluster.kubectl(["create", "namespace", "patched"]);
  await cluster.kubectl(["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec }));
}
