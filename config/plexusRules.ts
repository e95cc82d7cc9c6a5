import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { datashimProblems } from "./datashimRules";
import { foundText } from "./describeIssue";
import { certificateFlaw } from "./existingCa";
import type { GivenInterlink } from "./interlinkSchema";
import type { GivenPlexus } from "./plexusSchema";
import { nodeProblems, storageProblems } from "./plexusSharedRules";
import { type ReadableTenant, tenantProblems } from "./plexusTenantRules";
import type { Contradiction } from "./problem";

/** The section without the values that were refused; a tenant of which something is missing is still there. */
export type ReadablePlexus = Partial<Omit<GivenPlexus, "tenants">> & { readonly tenants?: readonly ReadableTenant[] };

/** What the section stands on, as far as it can be read. */
export interface PlexusSurroundings {
  /** Whether another stack has the platform, and with it what tenants share. */
  readonly foreign: boolean;
  readonly interlink?: Partial<GivenInterlink> | undefined;
  readonly certificateAuthority?: GivenCertificateAuthority | undefined;
  /** Namespaces of the stack's systems, by what has them. */
  readonly taken: ReadonlyMap<string, string>;
}

/** What contradicts itself in the section, and between it and others. */
export function plexusProblems(given: ReadablePlexus, surroundings: PlexusSurroundings): Contradiction[] {
  return [
    ...tenantProblems(given.tenants ?? [], surroundings.taken),
    ...(surroundings.foreign ? foreignProblems(given) : sharedProblems(given, surroundings)),
    ...edgeProblems(given, surroundings),
    ...addressProblems(given),
    ...cidrProblems(given),
  ];
}

function sharedProblems(given: ReadablePlexus, { certificateAuthority }: PlexusSurroundings): Contradiction[] {
  const datashim = given.datashim && datashimProblems(given.datashim, certificateAuthority);
  return [...storageProblems(given), ...nodeProblems(given), ...(datashim ?? []), ...datasetProblems(given)];
}

/** What belongs to the stack that has the platform, because it is made once for all tenants. */
function foreignProblems(given: ReadablePlexus): Contradiction[] {
  return (["storageClass", "nodes", "datashim"] as const)
    .filter((key) => given[key] !== undefined)
    .map((key) => ({
      path: `plexus.${key}`,
      reads: [`plexus.${key}`, "platform"],
      found: foundText(given[key]),
      allowed: "nothing where trustplane:platform names the stack that has the platform: tenants of all stacks share it",
      wayOut: "move it to trustplane:plexus of that stack",
    }));
}

function datasetProblems({ tenants = [], datashim }: ReadablePlexus): Contradiction[] {
  if (datashim !== undefined) return [];
  return tenants.flatMap(({ datasets }, index) => {
    if (datasets !== true) return [];
    const path = `plexus.tenants[${index}].datasets`;
    const allowed = "true only where plexus.datashim is installed: nothing else mounts Datasets";
    return [{ path, reads: [path, "plexus.datashim"], found: "true", allowed, wayOut: "add plexus.datashim, or remove it" }];
  });
}

/** The edge ends TLS: what a client's certificate proves ends there too, a token goes on. */
function edgeProblems({ kubernetesApi, tenants = [] }: ReadablePlexus, { foreign, interlink }: PlexusSurroundings): Contradiction[] {
  if (kubernetesApi?.type !== "edge") return [];
  const path = "plexus.kubernetesApi.type";
  const withCertificate = tenants.flatMap(({ credential }, index) => {
    if (credential === undefined || credential.type === "serviceAccount") return [];
    const at = `plexus.tenants[${index}].credential.type`;
    const found = `${JSON.stringify(credential.type)}, and plexus.kubernetesApi is edge`;
    const allowed = '"serviceAccount" behind the edge: it ends TLS, so that a client certificate does not reach the API server';
    return [{ path: at, reads: [at, path], found, allowed, wayOut: 'set it, or kubernetesApi: {type: "kubeconfig"} or {type: "address"}' }];
  });
  if (foreign || (interlink !== undefined && interlink.exposure?.type !== "direct")) return withCertificate;
  const found = `"edge", and trustplane:interlink ${interlink === undefined ? "is absent" : "is direct, without one"}`;
  const wayOut = interlink === undefined ? "add trustplane:interlink, or choose another type" : 'choose {type: "address"}';
  return [...withCertificate, { path, reads: [path, "interlink"], found, allowed: "edge only where the stack has one", wayOut }];
}

function addressProblems({ kubernetesApi }: ReadablePlexus): Contradiction[] {
  if (kubernetesApi?.type !== "address") return [];
  const path = "plexus.kubernetesApi.certificateAuthority";
  const flaw = certificateFlaw(kubernetesApi.certificateAuthority, false);
  return flaw === undefined ? [] : [{ path, reads: [path], ...flaw }];
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
function cidrProblems({ clusterCidrs = [] }: ReadablePlexus): Contradiction[] {
  return clusterCidrs.flatMap((cidr, index) => {
    if (!cidr.endsWith("/0")) return [];
    const path = `plexus.clusterCidrs[${index}]`;
    const allowed = "a part of all addresses: what is left of them is the internet";
    return [
      {
        path,
        reads: [path],
        found: JSON.stringify(cidr),
        allowed,
        wayOut: "write the ranges of pods and Services, or set network.internet: false",
      },
    ];
  });
}
