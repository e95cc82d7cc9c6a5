import * as pulumi from "@pulumi/pulumi";
import type { Platform } from "../platform/platform";
import { TrustBundle } from "../platform/trustBundle";
import type { KubernetesApi } from "./kubeconfigCluster";
import type { Tenant } from "./tenant";
import { TenantCredential, type TenantCredentialArgs } from "./tenantCredential";
import { tenantNamespace, type TenantNamespaceOptions } from "./tenantNamespace";
import { tenantNetworkPolicies } from "./tenantNetworkPolicy";
import { tenantQuota } from "./tenantQuota";
import { tenantClusterRole, tenantRole } from "./tenantRole";
import type { TenantScope } from "./tenantScope";

/** What all tenants of a stack have in common. */
export interface TenantSurroundings extends TenantNamespaceOptions, Pick<TenantCredentialArgs, "cluster" | "clusterAuthority"> {
  /** Whose CA the tenants' pods may trust. */
  readonly platform: Pick<Platform, "identifier" | "bundle" | "generations">;
  readonly kubernetesApi: KubernetesApi;
  /** Name of the ClusterRole that all tenants share. */
  readonly clusterRole: pulumi.Input<string>;
  /** API group of Datashim's Datasets. */
  readonly datasetsGroup: string;
  /** CIDR blocks inside the cluster, which are not the internet. */
  readonly clusterCidrs: readonly string[];
}

export interface PlexusTenantArgs extends TenantSurroundings {
  readonly tenant: Tenant;
}

/**
 * One tenant: its namespaces with their fences, its rights in them, and its key to the cluster.
 *
 * Needs the ClusterRole that tenants share. What runs in the namespaces is the tenant's own, and goes with them.
 * @see https://kubernetes.io/docs/concepts/security/multi-tenancy/
 */
export class PlexusTenant extends pulumi.ComponentResource {
  /** The tenant's kubeconfig; secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Its namespaces by their names, each known once it is there. */
  readonly namespaces: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: PlexusTenantArgs, opts?: pulumi.ComponentResourceOptions) {
    const { tenant } = args;
    // the configuration alone: a protected namespace keeps this component on destroy, and with it whatever its inputs come from
    super("trustplane:plexus:PlexusTenant", name, { tenant }, opts);
    const scope: TenantScope = { name, tenant, opts: { parent: this } };
    const made = tenant.namespaces.map((namespaceName) => ({ namespaceName, namespace: tenantNamespace(scope, namespaceName, args) }));
    this.namespaces = Object.fromEntries(made.map(({ namespaceName, namespace }) => [namespaceName, namespace]));
    const credential = this.credential(name, args, made[0]?.namespace ?? tenant.name);
    for (const { namespaceName, namespace } of made) {
      const place = { ...scope, namespace };
      const fences = [...tenantQuota(place, namespaceName), ...tenantNetworkPolicies(place, namespaceName, args.clusterCidrs)];
      tenantRole(place, namespaceName, { ...args, subject: credential.subject, fences });
      this.trustBundle(`${name}-${namespaceName}-trust-bundle`, args, namespace);
    }
    tenantClusterRole(scope, args.clusterRole, credential.subject);
    this.kubeconfig = credential.kubeconfig;
    this.registerOutputs({ kubeconfig: this.kubeconfig });
  }

  private credential(name: string, args: PlexusTenantArgs, namespace: pulumi.Input<string>): TenantCredential {
    const { tenant, kubernetesApi, cluster, clusterAuthority } = args;
    const { user, groups, credential: strategy } = tenant;
    const credentialArgs = { user, groups, namespace, strategy, kubernetesApi, cluster, clusterAuthority };
    return new TenantCredential(`${name}-credential`, credentialArgs, { parent: this });
  }

  private trustBundle(name: string, { platform }: PlexusTenantArgs, namespace: pulumi.Input<string>): void {
    const { identifier, bundle: certificates, generations } = platform;
    new TrustBundle(name, { identifier, certificates, generations, namespaces: [namespace], publicRoots: false }, { parent: this });
  }
}
