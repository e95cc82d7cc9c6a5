import { cis, nsa, own, podSecurityVersion } from "../frameworks";
import { isKind, kubernetesType } from "../../config/kubernetesType";
import { workloadKinds } from "../../config/podTemplatePath";
import { objectName, objectNamespace, ofKind } from "../stackObjects";
import type { ResourceRule, StackResource, StackRule } from "../rule";

const namespacedKinds = [...workloadKinds, "Service", "ConfigMap", "Secret", "PersistentVolumeClaim", "ServiceAccount", "Ingress", "Role"];

export const disallowDefaultNamespace: ResourceRule = {
  name: "disallow-default-namespace",
  title: "Nothing is made in the namespace default.",
  severity: "low",
  level: "advisory",
  frameworks: [cis("5.7.4"), nsa("C-0061")],
  remediation: ["Make a namespace, and name it in metadata.namespace."],
  judge: ({ type, props }) => {
    const object = kubernetesType(type);
    if (object === undefined || object.patch || !namespacedKinds.includes(object.kind)) return undefined;
    const namespace = props.at("metadata", "namespace");
    const named = namespace.isUnknown() || !["", "default"].includes(namespace.text() ?? "");
    return named ? [] : [{ message: `the ${object.kind} is in the namespace default; name another in metadata.namespace` }];
  },
};

const enforce = "pod-security.kubernetes.io/enforce";

export const requirePodSecurityLevel: ResourceRule = {
  name: "require-pod-security-level",
  title: "Each namespace enforces a level of the Pod Security Standards.",
  severity: "high",
  level: "mandatory",
  frameworks: [cis("5.2.1"), own("namespaces")],
  remediation: [`Label the namespace ${enforce}: restricted, or baseline where pods need more.`],
  scopes: ["levels"],
  judge: ({ type, props }) => {
    if (!isKind(type, "", "Namespace")) return undefined;
    const level = props.at("metadata", "labels", enforce);
    const text = level.text() ?? "none";
    if (level.isUnknown() || ["restricted", "baseline"].includes(text)) return [];
    return [{ message: `the namespace enforces ${text}; the label ${enforce} must be restricted or baseline`, value: { levels: [text] } }];
  },
};

export const requirePodSecurityVersion: ResourceRule = {
  name: "require-pod-security-version",
  title: "The level that a namespace enforces is that of a fixed Kubernetes version.",
  severity: "low",
  level: "advisory",
  frameworks: [own("namespaces")],
  remediation: [
    `Label the namespace ${enforce}-version: ${podSecurityVersion}, so that an upgrade of the cluster refuses nothing that ran.`,
  ],
  judge: ({ type, props }) => {
    if (!isKind(type, "", "Namespace")) return undefined;
    const [level, version] = [props.at("metadata", "labels", enforce), props.at("metadata", "labels", `${enforce}-version`)];
    if (!level.isPresent() || version.isUnknown() || /^v1\.\d+$/.test(version.text() ?? "")) return [];
    return [
      { message: `the level is that of whatever version the cluster has; label the namespace ${enforce}-version: ${podSecurityVersion}` },
    ];
  },
};

/** Namespaces of a stack in which it makes nothing of a kind. */
function without(resources: readonly StackResource[], group: string, kind: string): readonly StackResource[] | undefined {
  const namespaces = ofKind(resources, "", "Namespace");
  const holders = ofKind(resources, group, kind);
  const covered = new Set(holders.map(objectNamespace));
  if (namespaces.length === 0) return undefined;
  const bare = namespaces.filter((namespace) => objectName(namespace) !== undefined && !covered.has(objectName(namespace)));
  return covered.has(undefined) ? [] : bare;
}

export const requireNetworkPolicy: StackRule = {
  name: "require-network-policy",
  title: "Each namespace that the stack makes has a NetworkPolicy.",
  severity: "medium",
  level: "advisory",
  frameworks: [cis("5.3.2"), nsa("C-0054")],
  remediation: ["Make a NetworkPolicy in the namespace that denies what nobody needs."],
  judgeStack: (resources) =>
    without(resources, "networking.k8s.io", "NetworkPolicy")?.map((resource) => ({
      resource,
      message: `the namespace ${objectName(resource) ?? resource.name} has no NetworkPolicy; every pod of the cluster reaches its pods`,
    })),
};

export const requireResourceQuota: StackRule = {
  name: "require-resource-quota",
  title: "Each namespace that the stack makes has a ResourceQuota.",
  severity: "low",
  level: "advisory",
  frameworks: [own("namespaces")],
  remediation: ["Make a ResourceQuota in the namespace."],
  judgeStack: (resources) =>
    without(resources, "", "ResourceQuota")?.map((resource) => ({
      resource,
      message: `the namespace ${objectName(resource) ?? resource.name} has no ResourceQuota; its pods may take the whole cluster`,
    })),
};

export const namespaceRules = [
  disallowDefaultNamespace,
  requirePodSecurityLevel,
  requirePodSecurityVersion,
  requireNetworkPolicy,
  requireResourceQuota,
];
