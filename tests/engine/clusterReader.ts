import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  CustomObjectsApi,
  ApiextensionsV1Api,
  KubeConfig,
  NetworkingV1Api,
  RbacAuthorizationV1Api,
} from "@kubernetes/client-node";
import { trustBundleKey, trustBundleName } from "../../components/platform/trustBundle";

interface Leaf {
  /** The ClusterIssuer that issued it. */
  readonly issuer: string;
  /** What a server shows its clients, PEM. */
  readonly chain: string;
}

const certManager = { group: "cert-manager.io", version: "v1" } as const;

/** What the tests ask the cluster of a stack. */
export class ClusterReader {
  constructor(private readonly kubeconfig: string) {}

  /** The internal ingress' leaf; waits until `issuer` issued it, where one is named. */
  async leaf(issuer?: string): Promise<Leaf> {
    for (let attempt = 0; ; attempt++) {
      const { metadata, data } = await this.core().readNamespacedSecret({
        namespace: "ingress-nginx-internal",
        name: "internal-ingress-tls",
      });
      const by = metadata?.annotations?.["cert-manager.io/issuer-name"] ?? "";
      if (issuer === undefined || by === issuer || attempt === 400)
        return { issuer: by, chain: Buffer.from(data?.["tls.crt"] ?? "", "base64").toString() };
      await sleep(250);
    }
  }

  async trustBundle(namespace: string): Promise<string | undefined> {
    const { data } = await this.core().readNamespacedConfigMap({ namespace, name: trustBundleName });
    return data?.[trustBundleKey];
  }

  async changeTrustBundle(namespace: string, text: string): Promise<void> {
    const body = await this.core().readNamespacedConfigMap({ namespace, name: trustBundleName });
    body.data = { [trustBundleKey]: text };
    await this.core().replaceNamespacedConfigMap({ namespace, name: trustBundleName, body });
  }

  /** None where their definition is gone too. */
  async clusterIssuers(): Promise<readonly string[]> {
    if (!(await this.crds()).includes(`clusterissuers.${certManager.group}`)) return [];
    const list = (await this.api(CustomObjectsApi).listClusterCustomObject({ ...certManager, plural: "clusterissuers" })) as {
      items: { metadata: { name: string } }[];
    };
    return list.items.map(({ metadata }) => metadata.name).sort();
  }

  async crds(): Promise<readonly string[]> {
    const { items } = await this.api(ApiextensionsV1Api).listCustomResourceDefinition();
    return items.map(({ metadata }) => metadata?.name ?? "");
  }

  /** Objects that a destroy should have taken: issuers, ingress classes, rights, claims, and all in namespaces that are not the cluster's own. */
  async leftovers(): Promise<readonly string[]> {
    const own = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);
    const namespaces = (await this.core().listNamespace()).items.map(({ metadata }) => `namespace ${metadata?.name ?? ""}`);
    const classes = (await this.api(NetworkingV1Api).listIngressClass()).items.map(({ metadata }) => `class ${metadata?.name ?? ""}`);
    const maps = (await this.core().listConfigMapForAllNamespaces()).items.filter(({ metadata }) => metadata?.name === trustBundleName);
    return [
      ...namespaces.filter((name) => !own.has(name.replace("namespace ", ""))),
      ...classes,
      ...(await this.claims()),
      ...(await this.clusterRights()),
      ...maps.map(({ metadata }) => `trust bundle in ${metadata?.namespace ?? ""}`),
      ...(await this.clusterIssuers()).map((name) => `issuer ${name}`),
    ];
  }

  /** Of every PersistentVolumeClaim, by its namespace and name. */
  async claimUids(): Promise<Readonly<Record<string, string | undefined>>> {
    const { items } = await this.core().listPersistentVolumeClaimForAllNamespaces();
    return Object.fromEntries(items.map(({ metadata }) => [`${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`, metadata?.uid]));
  }

  private async claims(): Promise<readonly string[]> {
    return Object.keys(await this.claimUids()).map((name) => `claim ${name}`);
  }

  private async clusterRights(): Promise<readonly string[]> {
    const rights = this.api(RbacAuthorizationV1Api);
    const ours = { labelSelector: "app.kubernetes.io/part-of=trustplane" };
    const [roles, bindings] = await Promise.all([rights.listClusterRole(ours), rights.listClusterRoleBinding(ours)]);
    return [...roles.items, ...bindings.items].map(({ metadata }) => `cluster rights ${metadata?.name ?? ""}`);
  }

  private core(): CoreV1Api {
    return this.api(CoreV1Api);
  }

  private api<T extends Parameters<KubeConfig["makeApiClient"]>[0]>(type: T): InstanceType<T> {
    const config = new KubeConfig();
    config.loadFromFile(this.kubeconfig);
    return config.makeApiClient(type) as InstanceType<T>;
  }
}
