import type { Rule } from "../rule";
import { authorityRules } from "./authorities";
import { certificateRules } from "./certificates";
import { disallowSecretFlow } from "./dataFlow";
import { requireStrongKeys } from "./keys";
import { requireShorterLeaves } from "./leaves";
import { protectionRules } from "./protection";
import { providerRules } from "./providers";

/** Authorities and certificates, the way of secrets, and what cannot be made again. */
export const trustRules: readonly Rule[] = [
  requireStrongKeys,
  ...authorityRules,
  requireShorterLeaves,
  ...certificateRules,
  ...protectionRules,
  disallowSecretFlow,
  ...providerRules,
];
