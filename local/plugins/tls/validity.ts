import type { JsonObject } from "../server/provider";
import { count, text, type InputProblem, type StateOnlyResource } from "../server/stateOnlyResource";
import { allowedUsesProblems } from "./allowedUses";

const hour = 3600 * 1000;

/** What a program says of every certificate. */
export const certificateInputs: readonly string[] = [
  "allowedUses",
  "earlyRenewalHours",
  "isCaCertificate",
  "maxPathLength",
  "setSubjectKeyId",
  "validityPeriodHours",
];

/** How long certificates live and when they must be made anew. */
export const certificateLife = {
  updatable: ["earlyRenewalHours", "readyForRenewal"],
  derive: (planned) => ({ readyForRenewal: count(planned.validityPeriodHours) <= count(planned.earlyRenewalHours) }),
  expired: (planned, state) => (mustBeRenewed({ ...state, earlyRenewalHours: planned.earlyRenewalHours ?? 0 }) ? ["readyForRenewal"] : []),
  refresh: (state): JsonObject => (mustBeRenewed(state) ? { readyForRenewal: true } : {}),
} satisfies Partial<StateOnlyResource>;

/** What is wrong with the inputs of a certificate. */
export function certificateProblems(inputs: JsonObject): InputProblem[] {
  const negative = ["validityPeriodHours", "earlyRenewalHours"].filter((path) => count(inputs[path]) < 0);
  return [...negative.map((path) => ({ path, reason: "must be at least 0" })), ...allowedUsesProblems(inputs.allowedUses)];
}

/** True from `earlyRenewalHours` before the end of a certificate on. */
function mustBeRenewed(state: JsonObject): boolean {
  const end = Date.parse(text(state.validityEndTime));
  return end - count(state.earlyRenewalHours) * hour <= Date.now();
}
