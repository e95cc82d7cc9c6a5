import type { Rule } from "../rule";
import { authorityRules } from "./authorities";
import { certificateRules } from "./certificates";
import { disallowSecretFlow } from "./dataFlow";
import { protectionRules } from "./protection";
import { providerRules } from "./providers";

/** Authorities and certificates, the way of secrets, and what cannot be made again. */
export const trustRules: readonly Rule[] = [
  ...authorityRules,
  ...certificateRules,
  ...protectionRules,
  disallowSecretFlow,
  ...providerRules,
];
