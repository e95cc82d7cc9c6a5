import { z } from "zod";
import type { CertManagerArgs } from "../components/platform/certManager";
import { chartFields, chartProblems } from "./chartFields";
import { dnsLabel } from "./fields";
import { podSecurityLevel } from "./podFields";
import type { Contradiction } from "./problem";
import { projectPath } from "./projectPath";

/** `trustplane:certManager`: the cert-manager that issues the leaves. Absent means installed with these defaults. */
export const certManagerSchema = z
  .strictObject({
    install: z.boolean().default(true).meta({ description: "false uses the cert-manager that the cluster already has." }),
    namespace: dnsLabel()
      .default("cert-manager")
      .meta({ description: "cert-manager's namespace, where its ClusterIssuers' Secrets are looked up." }),
    crds: z
      .strictObject({
        keep: z.boolean().default(true).meta({ description: "Whether a destroy leaves the CRDs, and with them every certificate." }),
      })
      .prefault({}),
    podSecurity: podSecurityLevel.default("restricted").meta({
      description: "Pod Security level that the namespace enforces; lower it where values ask for more, like webhook.hostNetwork.",
    }),
    ...chartFields,
  })
  .meta({ description: "cert-manager; installed with the defaults where the section is absent." });

/** The section as the program uses it. */
export function resolveCertManager(given: z.output<typeof certManagerSchema>): CertManagerArgs {
  return { ...given, chart: chartPlace(given.chart) };
}

/**
 * A chart as Helm takes it: `~/` is the home folder, another relative path stays relative, because providers run in the
 * project's folder and a stack that several people share must not change with the place of their clone.
 */
export function chartPlace(chart: string | undefined): string | undefined {
  return chart?.startsWith("~/") ? projectPath(chart) : chart;
}

/** What contradicts itself in the section. */
export function certManagerProblems(given: z.output<typeof certManagerSchema>): Contradiction[] {
  return chartProblems("certManager", given);
}
