import { kubernetesApiOf } from "../components/plexus/kubeconfigCluster";
import { NFS_DRIVER, type SharedStorageClass } from "../components/plexus/sharedStorageClass";
import type { Tenant } from "../components/plexus/tenant";
import type { ClusterConfig } from "../config/cluster";
import { nearestName } from "../config/nearestName";
import type { PlexusConfig } from "../config/plexus";
import type { Problem } from "../config/problem";
import type { ClusterFacts } from "./clusterFacts";
import { nodeProblems } from "./nodeRules";
import { servesOneNode } from "./storageRules";

const STORAGE = "trustplane:plexus.storageClass";
const NODES = "trustplane:plexus.nodes";

/** Why tenants cannot live on the cluster as the section says. */
export function plexusProblems(
  config: PlexusConfig | undefined,
  facts: Pick<ClusterFacts, "nodes" | "storageClasses" | "plexus">,
): Problem[] {
  const { plexus } = facts;
  if (config === undefined || plexus === undefined) return [];
  const { tenants, shared } = config;
  const taken = tenants.flatMap((tenant, index) => namespaceProblems(tenant, `trustplane:plexus.tenants[${index}]`, plexus.namespaces));
  if (shared === undefined) return taken;
  return [
    ...taken,
    ...(shared.nodes.length === 0 ? [] : nodeProblems(NODES, shared.nodes, facts.nodes)),
    ...classProblems(config, facts),
    ...changedClassProblems(shared.storageClass, facts),
    ...driverProblems(plexus.nfsDriver),
  ];
}

/** Why the tenants' kubeconfigs could not lead to the API server as the stack's own does. */
export function kubernetesApiProblems(config: PlexusConfig | undefined, cluster: ClusterConfig): Problem[] {
  if (config?.kubernetesApi.type !== "kubeconfig" || config.tenants.length === 0) return [];
  try {
    kubernetesApiOf(cluster);
    return [];
  } catch (error) {
    const found = `"kubeconfig": ${error instanceof Error ? error.message : String(error)}`;
    const allowed = "a kubeconfig whose context names the API server and its CA";
    return [{ path: "trustplane:plexus.kubernetesApi", found, allowed, wayOut: "mend the kubeconfig, or choose the type address or edge" }];
  }
}

/** A namespace that others made has their Secrets in it, and would go with the tenant. */
function namespaceProblems({ name, namespaces }: Tenant, path: string, live: ReadonlyMap<string, string | undefined>): Problem[] {
  return namespaces.flatMap((namespace) => {
    const owner = live.get(namespace);
    if (!live.has(namespace) || owner === name) return [];
    const found = `${JSON.stringify(namespace)}, which the cluster has already${owner === undefined ? "" : `: it is tenant ${owner}'s`}`;
    const allowed = "a namespace that this program makes: the tenant would read what others keep there, and take it along when he goes";
    return [
      { path: `${path}.namespaces`, found, allowed, wayOut: "choose another namespace, or delete that one if nobody needs what is in it" },
    ];
  });
}

function classProblems({ shared, assumeReadWriteMany }: PlexusConfig, facts: Pick<ClusterFacts, "storageClasses">): Problem[] {
  if (shared?.storageClass.type !== "existing") return [];
  const { storageClasses: classes } = facts;
  const { name } = shared.storageClass;
  const path = `${STORAGE}.existing`;
  const own = classes.find((each) => each.name === name);
  if (own === undefined) {
    const names = classes.map((each) => each.name);
    const near = nearestName(name, names);
    const allowed = `one of the cluster's classes: ${names.length === 0 ? "none" : names.join(", ")}`;
    const wayOut = near === undefined ? "name one of them, or have one made: storageClass.nfs" : `did you mean "${near}"?`;
    return [{ path, found: `${JSON.stringify(name)}, and the cluster has no such StorageClass`, allowed, wayOut }];
  }
  if (assumeReadWriteMany || !servesOneNode(own.provisioner)) return [];
  const found = `${JSON.stringify(name)} of ${own.provisioner}, whose volumes one node mounts at a time`;
  const allowed = "a class for ReadWriteMany (NFS, CephFS, a cloud's file storage): all pods of a tenant mount one volume";
  const wayOut =
    "name another class, have one made on an NFS server (storageClass.nfs), or set assumeReadWriteMany: true if this one's volumes can";
  return [{ path, found, allowed, wayOut }];
}

/** A class that is there, and that Kubernetes would have to change into the one that is asked for. */
function changedClassProblems(wanted: SharedStorageClass, { storageClasses }: Pick<ClusterFacts, "storageClasses">): Problem[] {
  const live = wanted.type === "nfs" ? storageClasses.find(({ name }) => name === wanted.name) : undefined;
  if (wanted.type !== "nfs" || live === undefined) return [];
  const { name, server, share, reclaimPolicy } = wanted;
  const asked = { provisioner: NFS_DRIVER, server, share, reclaimPolicy, volumeBindingMode: "Immediate" };
  const { parameters, provisioner, bindingMode: volumeBindingMode } = live;
  const has: Readonly<Record<string, string>> = { ...parameters, provisioner, reclaimPolicy: live.reclaimPolicy, volumeBindingMode };
  const differing = Object.entries(asked).filter(([key, value]) => has[key] !== value);
  if (differing.length === 0) return [];
  const told = (value: (entry: [string, string]) => string): string => differing.map((each) => `${each[0]} ${value(each)}`).join(", ");
  const found = `${told(([, value]) => value)} for the class ${name}, which the cluster has with ${told(([key]) => has[key] ?? "unset")}`;
  const allowed = "what it has: Kubernetes lets nobody change this of a StorageClass";
  const wayOut = `name the new class otherwise (storageClass.nfs.name): what the old one has made stays. Or delete the old one first: kubectl delete storageclass ${name}, then npm run refresh`;
  return [{ path: `${STORAGE}.nfs`, found, allowed, wayOut }];
}

function driverProblems(nfsDriver: boolean | undefined): Problem[] {
  if (nfsDriver !== false) return [];
  const found = `a class of ${NFS_DRIVER}, and the cluster does not have that CSI driver`;
  const wayOut =
    "install it first (https://github.com/kubernetes-csi/csi-driver-nfs), or name a class that the cluster has: storageClass.existing";
  return [{ path: `${STORAGE}.nfs`, found, allowed: "nfs only where its CSI driver is installed", wayOut }];
}
