import { databaseBackupName } from "../components/geocube/databaseBackup";
import { databaseClaimName } from "../components/geocube/databaseServer";
import type { ClaimArgs } from "../components/platform/keptObjects";
import { trustVolumeSize } from "../components/platform/trustVolume";
import type { StackConfig } from "../config/readConfig";
import type { ClusterReader } from "./clusterReader";
import { fieldManagers, type ManagedObject } from "./labelManagers";

/** A claim that stays on destroy, and is taken up where it is there already. */
export interface KeptClaim extends Pick<ClaimArgs, "claimName" | "size" | "storageClass" | "accessMode"> {
  /** Where it is configured, `trustplane:ponos.storage`. */
  readonly section: string;
  readonly namespace: string;
}

/** A claim that the cluster has already. */
export interface ClaimFact {
  /** `namespace/name`. */
  readonly id: string;
  readonly accessModes: readonly string[];
  /** Empty for a claim of no class. */
  readonly storageClass: string;
  /** Quantity. */
  readonly size: string;
  /** Who has set the size. */
  readonly sizeManagers: readonly string[];
}

interface Claim extends ManagedObject {
  readonly spec?: {
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
}

/** The claims that the stack would have. */
export function keptClaims({ ponos, geocube, workers }: StackConfig): KeptClaim[] {
  const registry = workers?.registry;
  return [
    ...(ponos === undefined ? [] : ponosClaims(ponos)),
    ...(geocube === undefined ? [] : geocubeClaims(geocube)),
    ...(registry?.storage.type === "volume"
      ? [{ section: "trustplane:workers.registry.storage", namespace: registry.namespace, ...registry.storage }]
      : []),
  ];
}

/** The bundle's claim has the class and the mode of the data's. */
function ponosClaims({ namespace, storage, caBundle }: NonNullable<StackConfig["ponos"]>): KeptClaim[] {
  const data = { section: "trustplane:ponos.storage", namespace, ...storage };
  return caBundle === undefined ? [data] : [data, { ...data, claimName: caBundle.claimName, size: trustVolumeSize }];
}

function geocubeClaims({ namespace, storage, database }: NonNullable<StackConfig["geocube"]>): KeptClaim[] {
  const ours = { section: "trustplane:geocube.database", namespace, accessMode: "ReadWriteOnce" } as const;
  const builtIn = database.type === "builtIn" ? database : undefined;
  return [
    ...(storage.type === "volume" ? [{ section: "trustplane:geocube.storage", namespace, ...storage }] : []),
    ...(builtIn === undefined ? [] : [{ ...ours, section: `${ours.section}.storage`, claimName: databaseClaimName, ...builtIn.storage }]),
    ...(builtIn?.backup === undefined
      ? []
      : [{ ...ours, section: `${ours.section}.backup`, claimName: databaseBackupName, ...builtIn.backup }]),
  ];
}

/** Those of them that the cluster has. */
export async function readKeptClaims(reader: ClusterReader, config: StackConfig): Promise<ClaimFact[]> {
  const found = await Promise.all(
    keptClaims(config).map(async ({ namespace, claimName }) => {
      const claim = await reader.find(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claimName}`);
      return claim === undefined ? [] : [claimFact(`${namespace}/${claimName}`, claim as Claim)];
    }),
  );
  return found.flat();
}

function claimFact(id: string, { metadata, spec }: Claim): ClaimFact {
  return {
    id,
    accessModes: spec?.accessModes ?? [],
    storageClass: spec?.storageClassName ?? "",
    size: spec?.resources?.requests?.storage ?? "",
    sizeManagers: fieldManagers(metadata?.managedFields, "spec", "resources", "requests", "storage"),
  };
}
