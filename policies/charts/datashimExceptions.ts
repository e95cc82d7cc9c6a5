import type { ChartPart } from "./chartException";

/** Folders of kubelets: of most distributions, of k0s and of MicroK8s. */
const kubelets = ["/var/lib/kubelet", "/var/lib/k0s/kubelet", "/var/snap/microk8s/common/var/lib/kubelet"];

const daemonSet = (name: string): string => `kubernetes:apps/v1:DaemonSet ${name}`;
const statefulSet = (name: string): string => `kubernetes:apps/v1:StatefulSet ${name}`;

/** Containers that upstream gives no securityContext of the level restricted. */
function unrestricted(resource: string, ...capabilities: readonly string[]): readonly ChartPart[] {
  const rules = ["disallow-privilege-escalation", "require-run-as-non-root", "require-seccomp-profile"];
  const dropped = { rule: "require-dropped-capabilities", resource, allow: { capabilities: ["ALL", ...capabilities] } };
  return [...rules.map((rule) => ({ rule, resource })), dropped];
}

/** @param folders below the kubelet's @param others elsewhere */
function withFolders(resource: string, folders: readonly string[], others: readonly string[] = []): readonly ChartPart[] {
  const paths = [...kubelets.flatMap((kubelet) => folders.map((folder) => `${kubelet}/${folder}`)), ...others];
  return [
    { rule: "disallow-host-paths", resource, allow: { paths } },
    { rule: "limit-volume-types", resource, allow: { volumeTypes: ["hostPath"] } },
  ];
}

const privileged = (resource: string): ChartPart => ({ rule: "disallow-privileged", resource });
const hostNetwork = (resource: string): ChartPart => ({ rule: "disallow-host-namespaces", resource, allow: { fields: ["hostNetwork"] } });

const [s3, nfs] = [daemonSet("csi-s3"), daemonSet("csi-nodeplugin-nfsplugin")];

/** What mounts volumes on a node. */
export const drivers: readonly ChartPart[] = [
  ...[hostNetwork(s3), privileged(s3), ...unrestricted(s3)],
  ...withFolders(s3, ["plugins", "plugins/csi-s3", "plugins_registry", "pods"], ["/var/lib/csi-s3/", "/dev"]),
  ...[hostNetwork(nfs), privileged(nfs), ...unrestricted(nfs, "SYS_ADMIN")],
  { rule: "limit-capabilities", resource: nfs, container: "nfs", allow: { capabilities: ["SYS_ADMIN"] } },
  ...withFolders(nfs, ["plugins/csi-nfsplugin", "plugins_registry", "pods"]),
];

/** What asks the drivers of nodes, by their sockets. */
export const sidecars: readonly ChartPart[] = [
  ...["csi-attacher-s3", "csi-provisioner-s3"]
    .map(statefulSet)
    .flatMap((resource) => [privileged(resource), ...unrestricted(resource), ...withFolders(resource, ["plugins/csi-s3"])]),
  ...unrestricted(statefulSet("csi-attacher-nfsplugin")),
];
