import { isKind } from "../../config/kubernetesType";
import type { Reading } from "../reading";
import type { Finding, ResourceRule, RuleFacts } from "../rule";

export const ingressGroup = "networking.k8s.io";

/** A mandatory rule about each Ingress by itself. */
export function ingressRule(
  facts: Omit<RuleFacts, "level">,
  judge: (spec: Reading, annotations: Reading) => readonly Finding[],
): ResourceRule {
  return {
    ...facts,
    level: "mandatory",
    judge: ({ type, props }) =>
      isKind(type, ingressGroup, "Ingress") ? judge(props.at("spec"), props.at("metadata", "annotations")) : undefined,
  };
}
