import type { CredentialStrategy } from "./tenantCredentialStrategy";

/** What a role allows. @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole */
export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  /** In cluster rules alone. */
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** Amounts by resource, as Kubernetes writes them: `{cpu: "500m", memory: "1Gi"}`. */
export type Amounts = Readonly<Record<string, string>>;

/** What a container gets and may ask for. @see https://kubernetes.io/docs/concepts/policy/limit-range/ */
export interface ContainerLimits {
  /** Limits of a container that names none. */
  readonly default: Amounts;
  /** Requests of a container that names none. */
  readonly defaultRequest: Amounts;
  /** The most that a container may ask for. */
  readonly max: Amounts;
}

/** Who outside the cluster reaches pods, and which of them. */
export interface Exposed {
  /** CIDR blocks that may connect. @default [], which lets everybody outside the cluster */
  readonly allowedSources: readonly string[];
  /** Labels of the pods that are exposed. @default {}, which is every pod */
  readonly podLabels: Readonly<Record<string, string>>;
}

/** Which Services the tenant may make for clients outside the cluster. */
export type TenantExposure =
  | { readonly type: "none" }
  | ({ readonly type: "nodePort"; /** Ports, over all its Services. */ readonly nodePorts: number } & Exposed)
  | ({
      readonly type: "loadBalancer";
      /** Services of type LoadBalancer. */
      readonly services: number;
      /** Node ports, of which a load balancer takes one for each of its ports unless its Service says otherwise. */
      readonly nodePorts: number;
    } & Exposed);

/** Where the tenant's pods may connect to, beside each other. */
export interface TenantNetwork {
  /** Whether to any address outside `clusterCidrs`. @default true */
  readonly internet: boolean;
  /** Further CIDR blocks, also inside `clusterCidrs`. @default [] */
  readonly destinations: readonly string[];
  /** Ports of name servers, which may be anywhere. @default [53] */
  readonly dnsPorts: readonly number[];
}

/** One tenant, as its configuration describes it. */
export interface Tenant {
  /** A DNS label, unlike every other tenant's. */
  readonly name: string;
  /** The RBAC user, or the ServiceAccount where the credential is one. @default the name */
  readonly user: string;
  /** The user's groups. @default [] */
  readonly groups: readonly string[];
  /** Its own namespaces, the first being kubectl's default. @default the name alone */
  readonly namespaces: readonly string[];
  /** What it may do in each of its namespaces beyond what Plexus needs. @default [] */
  readonly extraRules: readonly PolicyRule[];
  /** What it may do in the whole cluster beyond seeing nodes and namespaces. @default [] */
  readonly extraClusterRules: readonly PolicyRule[];
  readonly credential: CredentialStrategy;
  /** Of each namespace, by resource. */
  readonly quota: Amounts;
  readonly limits: ContainerLimits;
  readonly exposure: TenantExposure;
  readonly network: TenantNetwork;
  /** Whether its pods mount Datasets of Datashim. @default false */
  readonly datasets: boolean;
}
