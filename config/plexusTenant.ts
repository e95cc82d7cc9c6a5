import type { ContainerLimits, Tenant } from "../components/plexus/tenant";
import { resolveCredential } from "./plexusCredential";
import type { GivenTenant } from "./plexusTenantSchema";

/** How much a namespace may take where the tenant says nothing of it. */
const QUOTA = {
  "requests.cpu": "64",
  "requests.memory": "256Gi",
  "requests.storage": "1Ti",
  persistentvolumeclaims: "20",
  pods: "100",
  services: "20",
  secrets: "100",
} as const;

/** What a container gets where the tenant says nothing of it; no limit of CPU, which would only slow it down. */
const LIMITS = { default: { memory: "4Gi" }, defaultRequest: { cpu: "500m", memory: "1Gi" }, max: {} } as const;

/** The tenant as the program uses it. */
export function resolveTenant(given: GivenTenant): Tenant {
  return {
    ...given,
    user: given.user ?? given.name,
    namespaces: given.namespaces ?? [given.name],
    credential: resolveCredential(given.credential),
    quota: { ...QUOTA, ...given.quota },
    limits: containerLimits(given.limits),
    extraRules: given.extraRules,
    extraClusterRules: given.extraClusterRules,
  };
}

/** What a container gets, each of the three with its default where it is absent. */
export function containerLimits(given: GivenTenant["limits"] | undefined): ContainerLimits {
  return {
    default: given?.default ?? LIMITS.default,
    defaultRequest: given?.defaultRequest ?? LIMITS.defaultRequest,
    max: given?.max ?? LIMITS.max,
  };
}
