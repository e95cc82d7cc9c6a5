import { durationHours } from "../config/duration";
import type { Problem } from "../config/problem";
import type { StackConfig } from "../config/readConfig";
import type { ClusterFacts } from "./clusterFacts";

const HOUR_MS = 3_600_000;

/** Why a leaf would outlive the root that signs it, of whose life a part is over. A root that is not issued yet has all of it. */
export function leafProblems({ leaves }: Pick<StackConfig, "leaves">, { rootExpiry }: ClusterFacts, now = new Date()): Problem[] {
  if (rootExpiry === undefined) return [];
  const left = (Date.parse(rootExpiry) - now.getTime()) / HOUR_MS;
  return leaves
    .filter(({ duration }) => durationHours(duration) >= left)
    .map(({ path, duration }) => ({
      path: `trustplane:${path}`,
      found: `${JSON.stringify(duration)}, and the root that signs has ${Math.max(0, Math.floor(left))}h left, until ${rootExpiry}`,
      allowed: "less than what is left of the root: cert-manager's CA issuer does not end a leaf with its CA",
      wayOut: "raise trustplane:certificateAuthority.generation by one for a new root, or shorten the leaf's duration",
    }));
}
