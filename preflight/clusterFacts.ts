import type { DatashimFacts } from "./datashimFacts";
import type { GeocubeFacts } from "./geocubeFacts";
import type { ClaimFact } from "./keptClaimFacts";
import type { LabelledFact } from "./labelRules";
import type { PlexusFacts } from "./plexusFacts";
import type { StorageFacts } from "./storageFacts";
import type { WorkersFacts } from "./workersFacts";

/** A node, and which pods it takes. */
export interface NodeFact {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Who has set each label, by its key. */
  readonly labelManagers: Readonly<Record<string, readonly string[]>>;
  /** IP addresses, inner and outer. */
  readonly addresses: readonly string[];
  /** Those that keep pods away. */
  readonly taints: readonly Taint[];
  /** Whether kwok plays it, and no container runs. */
  readonly simulated: boolean;
}

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** A way to get a volume. */
export interface StorageClassFact {
  readonly name: string;
  readonly provisioner: string;
  readonly isDefault: boolean;
  readonly bindingMode: string;
  /** Whether a claim of it may grow. */
  readonly expandable: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  readonly reclaimPolicy: string;
}

/** What the cluster has of cert-manager. */
export interface CertManagerFact {
  /** Namespaces in which a cert-manager controller runs. */
  readonly namespaces: readonly string[];
  /** Whether Certificates can be made. */
  readonly certificatesServed: boolean;
  /** The Helm release that owns the CRDs, as `namespace/name`. */
  readonly owner?: string;
  /** Whether the namespace of the configuration is one that this program made. */
  readonly ours: boolean;
}

/** What only the live cluster knows. */
export interface ClusterFacts {
  /** Version of the API server, `v1.36.3`. */
  readonly version: string;
  readonly nodes: readonly NodeFact[];
  readonly storageClasses: readonly StorageClassFact[];
  /** Absent where another stack has the platform. */
  readonly certManager?: CertManagerFact;
  /** Controller of the IngressClass of the configuration; absent where there is no such class. */
  readonly ingressController?: string;
  /** Names of the ClusterIssuers; absent where the configuration names none, or the cluster does not know the kind. */
  readonly clusterIssuers?: readonly string[];
  /** Whether MetalLB's pools can be made; absent where the configuration asks for none. */
  readonly metalLBServed?: boolean;
  /** What a data volume meets; absent where the configuration has none. */
  readonly storage?: StorageFacts;
  /** The namespaces that stay on destroy, as far as they are there. */
  readonly keptNamespaces: readonly LabelledFact[];
  /** The claims that stay on destroy, as far as they are there. */
  readonly keptClaims: readonly ClaimFact[];
  /** What tenants meet; absent where the configuration has none. */
  readonly plexus?: PlexusFacts;
  /** What Datashim meets; absent where the configuration has none. */
  readonly datashim?: DatashimFacts;
  /** What Geocube meets; absent where the configuration has none. */
  readonly geocube?: GeocubeFacts;
  /** What the worker services meet; absent where the configuration names no namespace of theirs. */
  readonly workers?: WorkersFacts;
  /** Generations of the CA whose ClusterIssuer is on the cluster, ascending. */
  readonly issuedGenerations: readonly number[];
  /** When the root of the configured generation expires, RFC 3339; absent before it is issued, and before its ClusterIssuer says so. */
  readonly rootExpiry?: string;
}
