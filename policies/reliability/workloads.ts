import { own } from "../frameworks";
import { isKind, kubernetesType } from "../../config/kubernetesType";
import { workloadKinds } from "../../config/podTemplatePath";
import { podTemplate } from "../podTemplates";
import type { ResourceRule, StackFinding, StackResource, StackRule } from "../rule";
import { objectName, objectNamespace, ofKind } from "../stackObjects";

const reliability = { severity: "low", level: "advisory", frameworks: [own("reliability")] } as const;

export const disallowBarePods: ResourceRule = {
  ...reliability,
  name: "disallow-bare-pods",
  title: "Pods are made by a controller that makes them again.",
  remediation: ["Make a Deployment, a StatefulSet or a Job."],
  judge: ({ type }) => {
    if (!isKind(type, "", "Pod")) return undefined;
    const made = kubernetesType(type)?.patch === false;
    return made ? [{ message: "is a pod that nobody makes again; make a Deployment, a StatefulSet or a Job" }] : [];
  },
};

export const requireReplicas: ResourceRule = {
  ...reliability,
  name: "require-replicas",
  title: "Deployments have two pods or more.",
  remediation: ["Raise replicas; where there must be one pod alone, write an exception that says why."],
  scopes: ["replicas"],
  judge: ({ type, props }) => {
    const object = kubernetesType(type);
    if (object === undefined || object.patch || !isKind(type, "apps", "Deployment")) return undefined;
    const replicas = props.at("spec", "replicas");
    const number = replicas.number() ?? 1;
    if (replicas.isUnknown() || number >= 2) return [];
    return [{ message: `has ${number} pods; a drained node stops it. Write replicas: 2`, value: { replicas: [number] } }];
  },
};

export const disallowZeroDisruption: ResourceRule = {
  ...reliability,
  name: "disallow-zero-disruption",
  title: "A PodDisruptionBudget lets a node be drained.",
  remediation: ["Write maxUnavailable: 1, or a minAvailable below the number of pods."],
  judge: ({ type, props }) => {
    if (!isKind(type, "policy", "PodDisruptionBudget")) return undefined;
    const [most, least] = [props.at("spec", "maxUnavailable"), props.at("spec", "minAvailable")];
    const stuck = most.number() === 0 || most.text() === "0%" || least.text() === "100%";
    return stuck ? [{ message: "lets no pod go, so that no node can be drained; allow one" }] : [];
  },
};

export const requireDisruptionBudget: StackRule = {
  ...reliability,
  name: "require-disruption-budget",
  title: "Deployments of several pods have a PodDisruptionBudget.",
  remediation: ["Make a PodDisruptionBudget with the pods' labels and maxUnavailable: 1."],
  judgeStack: (resources) => {
    const several = ofKind(resources, "apps", "Deployment").filter(({ props }) => (props.at("spec", "replicas").number() ?? 1) > 1);
    const budgets = ofKind(resources, "policy", "PodDisruptionBudget");
    const bare = several.filter((deployment) => !budgets.some((budget) => selects(budget, deployment)));
    return several.length === 0
      ? undefined
      : bare.map((resource) => ({ resource, message: "has no PodDisruptionBudget; a drain may take all its pods at once" }));
  },
};

function selects(budget: StackResource, deployment: StackResource): boolean {
  const labels = podTemplate(deployment)?.metadata.at("labels");
  const wanted = budget.props.at("spec", "selector", "matchLabels").entries();
  const same = wanted.every(([key, value]) => labels !== undefined && value.text() === labels.at(key).text());
  return objectNamespace(budget) === objectNamespace(deployment) && same;
}

const recommended = ["app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/part-of", "app.kubernetes.io/managed-by"];

export const requireLabels: ResourceRule = {
  ...reliability,
  name: "require-labels",
  title: "Workloads and Services have the recommended labels.",
  remediation: [`Label the object ${recommended.join(", ")}.`],
  scopes: ["labels"],
  judge: ({ type, props }) => {
    const object = kubernetesType(type);
    if (object === undefined || object.patch || ![...workloadKinds, "Service"].includes(object.kind)) return undefined;
    const labels = props.at("metadata", "labels");
    if (labels.isUnknown()) return [];
    return recommended
      .filter((label) => labels.at(label).isAbsent())
      .map((label) => ({ message: `has no label ${label}; write it`, value: { labels: [label] } }));
  },
};

const skipAwait = "pulumi.com/skipAwait";

export const disallowSkipAwait: ResourceRule = {
  ...reliability,
  name: "disallow-skip-await",
  title: "An update waits for what it makes, but for claims, which bind when a pod comes.",
  remediation: ["Remove skipAwait; where it must be, write an exception that says why."],
  judge: ({ type, props }) => {
    if (kubernetesType(type) === undefined || isKind(type, "", "PersistentVolumeClaim")) return undefined;
    const skips = props.at("metadata", "annotations", skipAwait).text() === "true" || props.at("skipAwait").flag() === true;
    return skips ? [{ message: "is not waited for (skipAwait); the update says that it is well when it is not" }] : [];
  },
};

/** Names of the ConfigMaps and Secrets that pods read at their start and may change in place. */
function configuration(resource: StackResource): readonly string[] {
  const pod = podTemplate(resource);
  const volumes = (pod?.spec.at("volumes").items() ?? []).flatMap((volume) => [
    volume.at("configMap", "name"),
    volume.at("secret", "secretName"),
  ]);
  return volumes.flatMap((name) => name.text() ?? []);
}

function unrolled(resource: StackResource, changing: ReadonlySet<string>): readonly StackFinding[] {
  const pod = podTemplate(resource);
  const annotations = pod?.metadata.at("annotations");
  const place = objectNamespace(resource);
  if (pod === undefined || annotations?.isUnknown() === true || annotations?.keys().some((key) => /checksum|hash/.test(key)) === true)
    return [];
  return configuration(resource)
    .filter((name) => changing.has(`${place ?? ""}/${name}`))
    .map((name) => ({
      resource,
      message: `reads ${name}, and goes on with the old content when it changes; annotate its pods with a checksum`,
      value: { names: [name] },
    }));
}

export const requireRolledConfiguration: StackRule = {
  ...reliability,
  name: "require-rolled-configuration",
  title: "Pods start again when the ConfigMaps and Secrets change that the stack makes for them.",
  remediation: [
    "Annotate the pod template with a checksum of the content.",
    "Or make ConfigMap and Secret immutable, with names that the engine chooses.",
  ],
  scopes: ["names"],
  judgeStack: (resources) => {
    const workloads = ofKind(resources, "apps", "Deployment", "StatefulSet", "DaemonSet");
    const fixed = ofKind(resources, "", "ConfigMap", "Secret").filter(
      ({ props }) => props.at("immutable").flag() !== true && props.at("metadata", "annotations", "pulumi.com/autonamed").text() !== "true",
    );
    const changing = new Set(fixed.map((each) => `${objectNamespace(each) ?? ""}/${objectName(each) ?? ""}`));
    return workloads.length === 0 ? undefined : workloads.flatMap((resource) => unrolled(resource, changing));
  },
};

export const workloadRules = [
  disallowBarePods,
  requireReplicas,
  disallowZeroDisruption,
  requireDisruptionBudget,
  requireLabels,
  disallowSkipAwait,
  requireRolledConfiguration,
];
