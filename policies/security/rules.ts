import type { Rule } from "../rule";
import { bindingRules } from "./bindings";
import { requireChartVersion } from "./charts";
import { imageRules } from "./images";
import { ingressAnnotationRules } from "./ingressAnnotations";
import { ingressRules } from "./ingresses";
import { disallowLiteralCredentials } from "./literalCredentials";
import { namespaceRules } from "./namespaces";
import { podIdentityRules } from "./podIdentity";
import { podStandardRules } from "./podStandards";
import { podSurroundingsRules } from "./podSurroundings";
import { powerRules } from "./power";
import { roleRules } from "./roles";
import { disallowUnusedTokens } from "./serviceAccountTokens";
import { serviceRules } from "./services";

/** Pods, access, exposure and supply chain. */
export const securityRules: readonly Rule[] = [
  ...podStandardRules,
  ...podIdentityRules,
  ...podSurroundingsRules,
  ...imageRules,
  requireChartVersion,
  disallowLiteralCredentials,
  disallowUnusedTokens,
  ...namespaceRules,
  ...roleRules,
  ...powerRules,
  ...bindingRules,
  ...serviceRules,
  ...ingressRules,
  ...ingressAnnotationRules,
];
