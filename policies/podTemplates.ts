import { kubernetesType } from "../config/kubernetesType";
import { podTemplatePath } from "../config/podTemplatePath";
import type { PolicySettings } from "../config/policies";
import type { Reading } from "./reading";
import type { Finding, JudgedResource, ResourceRule, RuleFacts } from "./rule";

/** One container of a pod, of whichever list. */
export interface Container {
  readonly name: string;
  readonly list: "containers" | "initContainers" | "ephemeralContainers";
  readonly at: Reading["at"];
}

/** The pods that a workload makes. */
export interface PodTemplate {
  /** The workload's kind, without `Patch`. */
  readonly kind: string;
  readonly metadata: Reading;
  readonly spec: Reading;
  readonly containers: readonly Container[];
  /** A Patch without containers: what is absent here may stand in the object. */
  readonly partial: boolean;
}

/** The pod template of any workload; undefined for what makes no pods. */
export function podTemplate({ type, props }: JudgedResource): PodTemplate | undefined {
  const object = kubernetesType(type);
  const path = object && podTemplatePath(object);
  if (object === undefined || path === undefined) return undefined;
  const template = props.at(...path);
  const containers = containersOf(template.at("spec"));
  const partial = object.patch && containers.length === 0;
  return { kind: object.kind, metadata: template.at("metadata"), spec: template.at("spec"), containers, partial };
}

function containersOf(spec: Reading): readonly Container[] {
  const lists = ["initContainers", "containers", "ephemeralContainers"] as const;
  return lists.flatMap((list) =>
    spec
      .at(list)
      .items()
      .map((container, index) => ({
        name: container.at("name").text() ?? `${list}[${index}]`,
        list,
        at: container.at.bind(container),
      })),
  );
}

/** A rule about pods. */
export function podRule(facts: RuleFacts, judge: (pod: PodTemplate, settings: PolicySettings) => readonly Finding[]): ResourceRule {
  return {
    ...facts,
    judge: (resource, settings) => {
      const pod = podTemplate(resource);
      return pod && judge(pod, settings);
    },
  };
}

/** A rule about each container by itself. Findings get the container's name, in front of the message too. */
export function containerRule(
  facts: RuleFacts,
  judge: (container: Container, pod: PodTemplate, settings: PolicySettings) => readonly Finding[],
): ResourceRule {
  return podRule(facts, (pod, settings) =>
    pod.containers.flatMap((container) =>
      judge(container, pod, settings).map((finding) => ({
        ...finding,
        message: `container ${container.name} ${finding.message}`,
        container: container.name,
      })),
    ),
  );
}

/** The finding of a condition, or none. */
export function when(condition: boolean, message: string): readonly Finding[] {
  return condition ? [{ message }] : [];
}
