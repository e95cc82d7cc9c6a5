/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

/** Levels of a namespace. */
export interface PodSecurity {
  /** Pods beyond it are refused. */
  readonly enforce: PodSecurityLevel;
  /** Pods beyond it are noted in the audit log. @default what the cluster notes */
  readonly audit?: PodSecurityLevel;
  /** Whoever makes pods beyond it is warned. @default what the cluster warns of */
  readonly warn?: PodSecurityLevel;
  /** `v1.36`, so that an upgrade of the cluster does not tighten what runs, or `latest`. A cluster below it takes its own. @default "v1.36" */
  readonly version?: string;
}

const testedVersion = "v1.36";

/**
 * The labels by which the API server knows a namespace's levels.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export function podSecurityLabels({ version = testedVersion, ...levels }: PodSecurity): Record<string, string> {
  const modes = (["enforce", "audit", "warn"] as const).flatMap((mode) => {
    const level = levels[mode];
    const label = `pod-security.kubernetes.io/${mode}`;
    return level === undefined ? [] : [[label, level] as const, [`${label}-version`, version] as const];
  });
  return Object.fromEntries(modes);
}

/** Labels of a namespace all of whose pods meet the level restricted. */
export const restrictedLevel = podSecurityLabels({ enforce: "restricted" });
