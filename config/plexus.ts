import type * as pulumi from "@pulumi/pulumi";
import type { NodePatch } from "../components/platform/nodePatches";
import type { PlexusArgs, SharedArgs } from "../components/plexus/plexus";
import type { SharedStorageClass } from "../components/plexus/sharedStorageClass";
import { resolveDatashim } from "./datashim";
import type { GivenPlexus } from "./plexusSchema";
import { ZONE_LABEL } from "./plexusSharedSchema";
import { resolveTenant } from "./plexusTenant";

/** Tenants, and what they share; whose platform they stand on, and on which cluster, is known only to the program. */
export interface PlexusConfig extends Omit<PlexusArgs, "platform" | "cluster" | "edge"> {
  /** Whether a class that is known for one writer is taken for one of many. */
  readonly assumeReadWriteMany: boolean;
}

/** The section as the program uses it; `key` is the secret `plexusCertificateAuthorityKey`, absent where it is not set. */
export function resolvePlexus(given: GivenPlexus, key: pulumi.Output<string> | undefined): PlexusConfig {
  return {
    tenants: given.tenants.map(resolveTenant),
    kubernetesApi: given.kubernetesApi,
    clusterCidrs: given.clusterCidrs,
    protect: given.protect,
    shared: sharedArgs(given),
    clusterAuthority:
      given.certificateAuthority === undefined || key === undefined ? undefined : { certificate: given.certificateAuthority, key },
    assumeReadWriteMany: given.storageClass?.assumeReadWriteMany ?? false,
  };
}

/** Only a stack with a platform of its own has a storage class here. */
function sharedArgs({ storageClass, nodes, datashim }: GivenPlexus): SharedArgs | undefined {
  if (storageClass === undefined) return undefined;
  return { storageClass: sharedStorage(storageClass), nodes: plexusNodes(nodes), datashim: datashim && resolveDatashim(datashim) };
}

function sharedStorage({ existing, nfs }: NonNullable<GivenPlexus["storageClass"]>): SharedStorageClass {
  return nfs === undefined ? { type: "existing", name: existing ?? "" } : { type: "nfs", ...nfs };
}

/** One entry for each node that is named anywhere. */
export function plexusNodes({ gpu, cpu, zones = {} }: Partial<NonNullable<GivenPlexus["nodes"]>> = {}): NodePatch[] {
  const names = [...new Set([...(gpu?.names ?? []), ...(cpu?.names ?? []), ...Object.keys(zones)])];
  return names.sort().map((node) => ({
    node,
    labels: {
      ...(gpu?.names.includes(node) === true ? gpu.labels : {}),
      ...(cpu?.names.includes(node) === true ? cpu.labels : {}),
      ...(zones[node] === undefined ? {} : { [ZONE_LABEL]: zones[node] }),
    },
  }));
}
