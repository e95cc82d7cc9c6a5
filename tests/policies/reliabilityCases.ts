import * as availability from "../../policies/reliability/availability";
import * as containers from "../../policies/reliability/containers";
import * as workloads from "../../policies/reliability/workloads";
import { changed, type CaseGroup, resource, type Properties } from "./ruleCase";
import { deployment, inContainer, inPod } from "./podFixture";

const stack = [deployment()];

export const containerCases: CaseGroup = {
  title: "rules of reliable containers",
  cases: [
    {
      rule: containers.requireResources,
      stack,
      change: [`${inContainer}.resources.limits`, { cpu: "1" }],
      message: "container web has no resources.limits.memory; write one",
    },
    {
      rule: containers.requireEqualGpuLimits,
      stack,
      change: [`${inContainer}.resources.requests`, { "nvidia.com/gpu": "2" }],
      message: "container web requests 2 of nvidia.com/gpu and is limited to none; both must be the same",
    },
    {
      rule: containers.requireProbes,
      stack,
      change: [`${inContainer}.readinessProbe`, undefined],
      message: "container web has no readinessProbe; write one",
    },
    {
      rule: containers.disallowIdenticalProbes,
      stack,
      change: [`${inContainer}.readinessProbe`, { tcpSocket: { port: 8080 } }],
      message: "container web has one probe for livenessProbe and readinessProbe; a busy container is restarted for it",
      unknown: `${inContainer}.readinessProbe.httpGet`,
    },
  ],
};

const metadata = { name: "web", namespace: "lab" };
const labels = { "app.kubernetes.io/name": "web" };
const budget = resource("kubernetes:policy/v1:PodDisruptionBudget", {
  metadata,
  spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
});
const map = resource("kubernetes:core/v1:ConfigMap", { metadata: { name: "settings", namespace: "lab" }, data: {} });
const reading = changed(deployment().props as Properties, `${inPod}.volumes.0.configMap`, { name: "other" });

export const workloadCases: CaseGroup = {
  title: "rules of reliable workloads",
  cases: [
    {
      rule: availability.disallowBarePods,
      stack: [resource("kubernetes:core/v1:PodPatch", { metadata: { name: "web", namespace: "lab" } })],
      change: ["metadata.labels", {}],
      options: { type: "kubernetes:core/v1:Pod" },
      message: "is a pod that nobody makes again; make a Deployment, a StatefulSet or a Job",
      unknown: false,
    },
    {
      rule: availability.requireReplicas,
      stack,
      change: ["spec.replicas", 1],
      message: "has 1 pods; a drained node stops it. Write replicas: 2",
    },
    {
      rule: availability.disallowZeroDisruption,
      stack: [budget],
      change: ["spec.maxUnavailable", 0],
      message: "lets no pod go, so that no node can be drained; allow one",
    },
    {
      rule: availability.requireDisruptionBudget,
      stack: [deployment(), budget],
      change: ["metadata.namespace", "other"],
      message: "has no PodDisruptionBudget; a drain may take all its pods at once",
      unknown: "spec.replicas",
    },
    {
      rule: workloads.requireLabels,
      stack,
      change: ["metadata|labels|app.kubernetes.io/part-of", undefined],
      message: "has no label app.kubernetes.io/part-of; write it",
    },
    {
      rule: workloads.disallowSkipAwait,
      stack: [resource("kubernetes:helm.sh/v3:Release", { name: "it", chart: "./chart" })],
      change: ["skipAwait", true],
      other: resource("random:index/randomPet:RandomPet", { length: 2 }),
      message: "is not waited for (skipAwait); the update says that it is well when it is not",
    },
    {
      rule: workloads.requireRolledConfiguration,
      stack: [resource("kubernetes:apps/v1:Deployment", reading), map],
      change: [`${inPod}.volumes.0.configMap.name`, "settings"],
      message: "reads settings, and goes on with the old content when it changes; annotate its pods with a checksum",
    },
  ],
};
