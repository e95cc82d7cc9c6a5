import type { Rule } from "../rule";
import { availabilityRules } from "./availability";
import { containerRules } from "./containers";
import { workloadRules } from "./workloads";

/** What keeps running, and says when it does not. */
export const reliabilityRules: readonly Rule[] = [...containerRules, ...availabilityRules, ...workloadRules];
