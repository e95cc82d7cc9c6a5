import type { KubernetesObject } from "../kubernetesObject";
import { conditionOf, numberAt, textAt, valueAt } from "./objectFields";
import { conditionTimedOut, type Readiness, type Verdict } from "./readiness";

/**
 * Readiness as most kinds express it: the generation is observed, `Ready` is not denied, and it is neither `Reconciling` nor `Stalled`.
 * Used for every other kind when PULUMI_K8S_AWAIT_ALL is "true".
 */
export const genericReadiness: Readiness = { timedOut: conditionTimedOut, judge: judgeAnything };

function judgeAnything(object: KubernetesObject): Verdict {
  const generation = numberAt(object, 0, "metadata", "generation");
  const observed = valueAt(object, "status", "observedGeneration");
  if (typeof observed === "number" && observed < generation)
    return { ready: false, status: "Waiting for its controller to see the change" };
  const busy = ["Reconciling", "Stalled"].map((type) => conditionOf(object, type)).find((condition) => condition?.status === "True");
  const unready = conditionOf(object, "Ready");
  const hindrance = busy ?? (unready === undefined || unready.status === "True" ? undefined : unready);
  if (hindrance === undefined) return { ready: true };
  const message = textAt(hindrance, "message");
  return { ready: false, status: message === "" ? "Waiting for readiness" : message };
}
