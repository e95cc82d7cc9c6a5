import { isKind, kubernetesType } from "../../config/kubernetesType";
import { podTemplate } from "../podTemplates";
import type { ResourceRule, StackResource, StackRule } from "../rule";
import { objectNamespace, ofKind } from "../stackObjects";
import { reliability } from "./facts";

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

export const availabilityRules = [disallowBarePods, requireReplicas, disallowZeroDisruption, requireDisruptionBudget];
