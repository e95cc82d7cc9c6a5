import type { JsonObject } from "../server/provider";
import { count, text, type InputProblem, type StateOnlyResource } from "../server/stateOnlyResource";
import { allowedUsesProblems } from "./allowedUses";
import { leastProblem } from "./inputRules";

const hour = 3600 * 1000;

/** What self-signed and locally signed certificates have in common: how long they live and when they must be made anew. */
export const certificateLife = {
  updatable: ["earlyRenewalHours", "readyForRenewal"],
  check: certificateProblems,
  derive: (planned) => ({ readyForRenewal: count(planned.validityPeriodHours) <= count(planned.earlyRenewalHours) }),
  expired: (planned, state) => (mustBeRenewed({ ...state, earlyRenewalHours: planned.earlyRenewalHours ?? 0 }) ? ["readyForRenewal"] : []),
  refresh: (state): JsonObject => (mustBeRenewed(state) ? { readyForRenewal: true } : {}),
} satisfies Partial<StateOnlyResource>;

function certificateProblems(inputs: JsonObject): InputProblem[] {
  return [
    ...leastProblem("validityPeriodHours", "validity_period_hours", inputs.validityPeriodHours, 0),
    ...leastProblem("earlyRenewalHours", "early_renewal_hours", inputs.earlyRenewalHours, 0),
    ...leastProblem("maxPathLength", "max_path_length", inputs.maxPathLength, -1),
    ...allowedUsesProblems(inputs.allowedUses),
  ];
}

/** True from `earlyRenewalHours` before the end of a certificate on. */
function mustBeRenewed(state: JsonObject): boolean {
  const end = Date.parse(text(state.validityEndTime));
  return end - count(state.earlyRenewalHours) * hour <= Date.now();
}
