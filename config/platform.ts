import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { CertManagerArgs } from "../components/platform/certManager";
import { type CertificateAuthorityConfig, resolveCertificateAuthority } from "./certificateAuthority";
import { resolveCertManager } from "./certManager";
import { foundText } from "./describeIssue";
import { type IngressNginxConfig, resolveIngressNginx } from "./ingressNginx";
import type { Problem } from "./problem";
import type { GivenStack } from "./stackSchema";

/** `trustplane:platform`: the stack whose platform this one stands on. Absent means that this stack has its own. */
export const platformSchema = z
  .strictObject({
    stack: z.string().min(1).meta({ description: "The stack that has the platform: STACK, or ORGANIZATION/PROJECT/STACK." }),
  })
  .meta({ description: "The stack whose platform this one stands on; a platform of its own where the section is absent." });

/** A platform that this stack makes. */
export interface OwnPlatform {
  readonly type: "own";
  readonly certManager: CertManagerArgs;
  readonly certificateAuthority: CertificateAuthorityConfig;
  /** Absent where the stack has no internal ingress. */
  readonly ingressNginx?: IngressNginxConfig;
}

/** A platform that another stack made, known by that stack's output `platform`. */
export interface PlatformOfStack {
  readonly type: "stack";
  readonly stack: string;
}

export type PlatformConfig = OwnPlatform | PlatformOfStack;

/** The sections that make a platform. */
const MAKING = ["certificateAuthority", "certManager", "ingressNginx"] as const;

/** The sections as the program uses them; `key` is the secret that belongs to `certificateAuthority.existing`. */
export function resolvePlatform(given: GivenStack, key: pulumi.Output<string>): PlatformConfig {
  if (given.platform !== undefined) return { type: "stack", ...given.platform };
  return {
    type: "own",
    certManager: resolveCertManager(given.certManager),
    certificateAuthority: resolveCertificateAuthority(given.certificateAuthority, key),
    ingressNginx: given.ingressNginx === undefined ? undefined : resolveIngressNginx(given.ingressNginx),
  };
}

/** Sections that would make a second platform. */
export function platformProblems(sections: Readonly<Record<string, unknown>>): Problem[] {
  if (sections.platform === undefined) return [];
  return MAKING.filter((section) => sections[section] !== undefined).map((section) => ({
    path: section,
    found: foundText(sections[section]),
    allowed: "nothing where trustplane:platform names the stack that has the platform",
    wayOut: "move it to that stack, or remove trustplane:platform to make a platform here",
  }));
}
