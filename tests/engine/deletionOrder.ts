import { KubeConfig, Watch } from "@kubernetes/client-node";

/** An object that went, with the cluster's revisions (of etcd, which counts changes of all kinds together) at which its deletion began and ended. */
export interface Deletion {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly begun: number;
  readonly ended: number;
}

interface Watched {
  readonly metadata: {
    readonly namespace?: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly deletionTimestamp?: string;
  };
}

const paths = {
  Certificate: "/apis/cert-manager.io/v1/certificates",
  ClusterIssuer: "/apis/cert-manager.io/v1/clusterissuers",
  Deployment: "/apis/apps/v1/deployments",
  CustomResourceDefinition: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  Namespace: "/api/v1/namespaces",
} as const;

/** Watches what goes from a cluster, in the API server's own order. */
export class DeletionOrder {
  private readonly deletions: Deletion[] = [];
  private readonly begun = new Map<string, number>();
  private readonly aborts: AbortController[] = [];

  private constructor() {
    // made by `watch`
  }

  static async watch(kubeconfig: string): Promise<DeletionOrder> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const order = new DeletionOrder();
    for (const [kind, path] of Object.entries(paths)) {
      const take = (event: string, object: Watched): void => {
        order.take(kind, event, object);
      };
      order.aborts.push(await new Watch(config).watch(path, {}, take, () => undefined));
    }
    return order;
  }

  /** What went until now; nothing is watched any more. */
  end(): readonly Deletion[] {
    for (const abort of this.aborts) abort.abort();
    return this.deletions;
  }

  private take(kind: string, event: string, { metadata }: Watched): void {
    const { uid, namespace = "", name, deletionTimestamp } = metadata;
    const revision = Number(metadata.resourceVersion);
    if (deletionTimestamp !== undefined && !this.begun.has(uid)) this.begun.set(uid, revision);
    if (event === "DELETED") this.deletions.push({ kind, namespace, name, begun: this.begun.get(uid) ?? revision, ended: revision });
  }
}
