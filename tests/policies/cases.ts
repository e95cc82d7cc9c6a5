import { roleCases, powerCases } from "./accessCases";
import { ingressCases } from "./ingressCases";
import { podStandardCases } from "./podCases";
import { containerCases, workloadCases } from "./reliabilityCases";
import { imageCases, namespaceCases, serviceCases } from "./securityCases";
import { authorityCases, certificateCases, protectionCases, secretCases } from "./trustCases";
import type { CaseGroup } from "./ruleCase";

/** Every rule, with what keeps it and what breaks it. */
export const caseGroups: readonly CaseGroup[] = [
  podStandardCases,
  imageCases,
  namespaceCases,
  serviceCases,
  ingressCases,
  roleCases,
  powerCases,
  authorityCases,
  certificateCases,
  protectionCases,
  secretCases,
  containerCases,
  workloadCases,
];
