import { z } from "zod";
import { chartFields, chartProblems } from "./chartFields";
import { dnsLabel } from "./fields";
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
    ...chartFields,
  })
  .meta({ description: "cert-manager; installed with the defaults where the section is absent." });

/** The cert-manager that issues the leaves. */
export interface CertManagerConfig {
  /** `false`: the cluster's own is used, and `preflight/` has seen that it is there. @default true */
  readonly install: boolean;
  /** @default "cert-manager" */
  readonly namespace: string;
  /** Whether the CRDs outlive the release. */
  readonly crds: { /** @default true */ readonly keep: boolean };
  /** A name, an `oci://` address, or a path from the project's folder; the component's own default where absent. */
  readonly chart?: string;
  /** Address of the chart repository; the component's own default where absent. */
  readonly repository?: string;
  /** The component's pinned version where absent. */
  readonly version?: string;
  /** Pods of each of the chart's Deployments. @default 1 */
  readonly replicas: number;
  /** Chart values, merged last. @default {} */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The section as the program uses it. */
export function resolveCertManager(given: z.output<typeof certManagerSchema>): CertManagerConfig {
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
