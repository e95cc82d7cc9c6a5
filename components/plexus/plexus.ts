import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type NodePatch, nodePatches } from "../platform/nodePatches";
import type { ClusterProviderArgs } from "../platform/clusterProvider";
import type { Platform } from "../platform/platform";
import { labels } from "../platform/workload";
import { Datashim, type DatashimArgs } from "./datashim";
import { datasetsApiGroup } from "./datashimVersion";
import type { PublishedApi } from "./kubeconfigCluster";
import { type KubernetesApiChoice, kubernetesApi } from "./kubernetesApi";
import { clusterRules } from "./managerRules";
import { PlexusTenant } from "./plexusTenant";
import { sharedStorageClass, type SharedStorageClass } from "./sharedStorageClass";
import type { Tenant } from "./tenant";
import type { ClusterAuthority } from "./tenantCredentialCertificate";
import { mutable } from "./tenantRole";
import { managerName } from "./tenantScope";

/** What is made once for the tenants of all stacks. */
export interface SharedArgs {
  readonly storageClass: SharedStorageClass;
  readonly nodes: readonly NodePatch[];
  /** Datasets for the tenants' pods. @default none */
  readonly datashim?: Omit<DatashimArgs, "issuerRef" | "caBundle">;
}

export interface PlexusArgs {
  readonly tenants: readonly Tenant[];
  /** Absent where another stack has the platform, and with it what tenants share. */
  readonly shared?: SharedArgs;
  readonly kubernetesApi: KubernetesApiChoice;
  /** CIDR blocks of pods and Services, which are not the internet. @default [] */
  readonly clusterCidrs: readonly string[];
  /** Refuse to delete the tenants' namespaces. @default false */
  readonly protect: boolean;
  readonly platform: Pick<Platform, "identifier" | "issuerRef" | "bundle" | "generations" | "shared">;
  readonly cluster: ClusterProviderArgs;
  /** The cluster's client CA; needed where a tenant's credential is a `certificateAuthority`'s. */
  readonly clusterAuthority?: ClusterAuthority;
  /** This stack's way to the Kubernetes API, for the choice `edge`. */
  readonly edge?: PublishedApi;
}

interface Shared {
  readonly clusterRole: pulumi.Output<string>;
  readonly storageClass: pulumi.Output<string>;
  readonly datashim?: Datashim;
}

/**
 * Tenants of Plexus on the cluster: each with its namespaces, its rights and its own key; and what all of them share, in this stack or in
 * the one that has the platform.
 *
 * Needs a platform and, for certificates that the cluster signs, a provider for this program's dynamic resources. The volumes that pods share come from a class of the cluster, or from an NFS server that others run.
 * @see https://plexus.corescientific.com/help/docs/
 */
export class Plexus extends pulumi.ComponentResource {
  /** Name of the ClusterRole that all tenants have. */
  readonly clusterRole: pulumi.Output<string>;
  /** Name of the StorageClass for volumes that many nodes mount. */
  readonly storageClass: pulumi.Output<string>;
  /** Kubeconfig of each tenant, by its name; secret. */
  readonly kubeconfigs: Readonly<Record<string, pulumi.Output<string>>>;
  /** The tenants' namespaces by their names, each known once it is there. */
  readonly namespaces: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: PlexusArgs, opts?: pulumi.ComponentResourceOptions) {
    // the configuration alone: a protected namespace keeps this component on destroy, and with it whatever its inputs come from
    super("trustplane:plexus:Plexus", name, { clusterCidrs: args.clusterCidrs, protect: args.protect }, opts);
    const shared = args.shared === undefined ? sharedElsewhere(args.platform) : this.shared(name, args, args.shared);
    this.clusterRole = shared.clusterRole;
    this.storageClass = shared.storageClass;
    const tenants = this.tenants(name, args, shared);
    this.kubeconfigs = Object.fromEntries(tenants.map(([tenant, { kubeconfig }]) => [tenant, kubeconfig]));
    this.namespaces = Object.assign({}, ...tenants.map(([, { namespaces }]) => namespaces)) as Plexus["namespaces"];
    this.registerOutputs({ clusterRole: this.clusterRole, storageClass: this.storageClass, kubeconfigs: this.kubeconfigs });
  }

  private shared(name: string, { platform }: PlexusArgs, { storageClass, nodes, datashim }: SharedArgs): Shared {
    const opts = { parent: this };
    nodePatches(name, nodes, opts);
    const metadata = { name: managerName, labels: labels({ name: "plexus", instance: name, component: "shared" }) };
    const role = new k8s.rbac.v1.ClusterRole(`${name}-cluster-role`, { metadata, rules: mutable(clusterRules) }, opts);
    const { issuerRef, bundle: caBundle } = platform;
    return {
      clusterRole: role.metadata.name,
      storageClass: sharedStorageClass(name, storageClass, opts),
      datashim: datashim && new Datashim(`${name}-datashim`, { ...datashim, issuerRef, caBundle }, opts),
    };
  }

  private tenants(name: string, args: PlexusArgs, { clusterRole, datashim }: Shared): (readonly [string, PlexusTenant])[] {
    // a stack for tenants of other stacks alone needs no way to the API server
    if (args.tenants.length === 0) return [];
    warnOfOpenFences(args, this);
    const surroundings = {
      ...args,
      kubernetesApi: kubernetesApi(args.kubernetesApi, args),
      clusterRole,
      datashim,
      datasetsGroup: datasetsApiGroup(args.shared?.datashim?.version),
    };
    const opts = { parent: this };
    return args.tenants.map(
      (tenant) => [tenant.name, new PlexusTenant(`${name}-${tenant.name}`, { ...surroundings, tenant }, opts)] as const,
    );
  }
}

/** Nothing tells which addresses are the cluster's, and most network plugins take those of pods and Services for the internet. */
function warnOfOpenFences({ tenants, clusterCidrs }: PlexusArgs, plexus: pulumi.Resource): void {
  const open = tenants.filter(({ network }) => network.internet).map(({ name }) => name);
  if (clusterCidrs.length > 0 || open.length === 0) return;
  void pulumi.log.warn(
    `clusterCidrs is empty, so pods of ${open.join(", ")} may reach pods and Services of other namespaces as part of the internet: ` +
      "set trustplane:plexus.clusterCidrs to the cluster's ranges of pods and Services, or a tenant's network.internet: false.",
    plexus,
  );
}

/** @throws pulumi.RunError where the stack that has the platform has no section `plexus` */
function sharedElsewhere({ shared }: PlexusArgs["platform"]): Shared {
  const published = shared?.apply(({ plexus }) => {
    if (plexus === undefined) throw noShared();
    return plexus;
  });
  if (published === undefined) throw noShared();
  return { clusterRole: published.clusterRole, storageClass: published.storageClass };
}

function noShared(): pulumi.RunError {
  return new pulumi.RunError(
    "tenants share a ClusterRole and a storage class, which the stack with the platform does not have: add trustplane:plexus with a storageClass there and run up, then this stack",
  );
}
