import { isKind, kubernetesType } from "../../config/kubernetesType";
import { workloadKinds } from "../../config/podTemplatePath";
import { podTemplate } from "../podTemplates";
import type { ResourceRule, StackFinding, StackResource, StackRule } from "../rule";
import { objectName, objectNamespace, ofKind } from "../stackObjects";
import { reliability } from "./facts";

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

export const workloadRules = [requireLabels, disallowSkipAwait, requireRolledConfiguration];
