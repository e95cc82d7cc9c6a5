import { durationHours } from "../config/duration";
import type { Problem } from "../config/problem";
import type { StackConfig } from "../config/readConfig";
import type { ClusterFacts } from "./clusterFacts";

const HOUR_MS = 3_600_000;

/** Why a leaf would outlive the root that signs it, of whose life a part is over. A root that is not issued yet has all of it. */
export function leafProblems(config: StackConfig, { rootExpiry }: ClusterFacts, now = new Date()): Problem[] {
  if (rootExpiry === undefined) return [];
  const left = (Date.parse(rootExpiry) - now.getTime()) / HOUR_MS;
  return Object.entries(leafDurations(config))
    .filter(([, duration]) => duration !== undefined && durationHours(duration) >= left)
    .map(([key, duration]) => ({
      path: `trustplane:${key}.duration`,
      found: `${JSON.stringify(duration)}, and the root that signs has ${Math.max(0, Math.floor(left))}h left, until ${rootExpiry}`,
      allowed: "less than what is left of the root: cert-manager's CA issuer does not end a leaf with its CA",
      wayOut: "raise trustplane:certificateAuthority.generation by one for a new root, or shorten the leaf's duration",
    }));
}

/** Of the leaves that the root signs, by where each is configured. */
function leafDurations({ platform, interlink, plexus, geocube }: StackConfig): Readonly<Record<string, string | undefined>> {
  const ingressNginx = platform.type === "own" ? platform.ingressNginx : undefined;
  const datashim = plexus?.shared?.datashim;
  const signsEdge = interlink !== undefined && interlink.issuer === undefined && interlink.exposure.type !== "direct";
  return {
    "ingressNginx.certificate": ingressNginx?.install === true ? ingressNginx.certificate.duration : undefined,
    "interlink.certificate": signsEdge ? interlink.certificate.duration : undefined,
    "plexus.datashim.certificate": datashim?.install === true ? datashim.certificate.duration : undefined,
    "geocube.tls": geocube?.certificate?.duration,
    "geocube.database.certificate": geocube?.database.type === "builtIn" ? geocube.database.certificate.duration : undefined,
  };
}
