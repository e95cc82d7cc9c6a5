import type { Rule } from "../rule";
import { bindingRules } from "./bindings";
import { limitChartPowers } from "./chartPowers";
import { chartRules } from "./charts";
import { disallowDuplicatePaths } from "./duplicatePaths";
import { imageRules } from "./images";
import { ingressAnnotationRules } from "./ingressAnnotations";
import { ingressRules } from "./ingresses";
import { disallowLiteralCredentials } from "./literalCredentials";
import { namespaceRules } from "./namespaces";
import { podCapabilityRules } from "./podCapabilities";
import { podHostRules } from "./podHost";
import { podKernelRules } from "./podKernel";
import { podProfileRules } from "./podProfiles";
import { disallowProbeHosts, podSurroundingsRules } from "./podSurroundings";
import { hostUserRules, podUserRules } from "./podUsers";
import { podVolumeRules } from "./podVolumes";
import { powerRules } from "./power";
import { roleRules } from "./roles";
import { disallowUnusedTokens } from "./serviceAccountTokens";
import { serviceRules } from "./services";

/** Pods, access, exposure and supply chain. */
export const securityRules: readonly Rule[] = [
  ...podHostRules,
  ...podCapabilityRules,
  ...podKernelRules,
  ...podUserRules,
  ...podProfileRules,
  ...hostUserRules,
  disallowProbeHosts,
  ...podVolumeRules,
  ...podSurroundingsRules,
  ...imageRules,
  ...chartRules,
  limitChartPowers,
  disallowLiteralCredentials,
  disallowUnusedTokens,
  ...namespaceRules,
  ...roleRules,
  ...powerRules,
  ...bindingRules,
  ...serviceRules,
  ...ingressRules,
  disallowDuplicatePaths,
  ...ingressAnnotationRules,
];
