import * as pulumi from "@pulumi/pulumi";
import type { NodePatch } from "../platform/nodePatches";
import type { Platform } from "../platform/platform";
import { ImagePullSecrets, type ImagePullSecretsArgs } from "./imagePullSecrets";
import { ImageRegistry, type ImageRegistryArgs } from "./imageRegistry";
import { DefaultBackend, type DefaultBackendArgs } from "./defaultBackend";
import { ExampleApplication, type ExampleApplicationArgs } from "./exampleApplication";
import type { MadeNamespaces } from "./madeNamespaces";
import { NamespaceSecurity, type SecuredNamespace } from "./namespaceSecurity";
import { NodeSettings } from "./nodeSettings";
import { notApplicable, type NotApplicable } from "./notApplicable";
import { ProxyEnvironment, type ProxyEnvironmentArgs } from "./proxyEnvironment";

/** A node and where it is reached. */
export interface NodeAddresses {
  readonly name: string;
  /** Its IP addresses, inner and outer. */
  readonly addresses: readonly string[];
}

/** What stands behind or beside the internal ingress. */
export interface IngressExtras {
  /** What answers requests for which the ingress has no host. @default the controller itself, with 404 */
  readonly defaultBackend?: Omit<DefaultBackendArgs, "ingress">;
  /** @default none */
  readonly example?: Omit<ExampleApplicationArgs, "ingress">;
}

export interface WorkersArgs {
  /** The proxy for workloads of others. @default none */
  readonly proxy?: ProxyEnvironmentArgs["proxy"] & Pick<ProxyEnvironmentArgs, "namespaces">;
  /** Labels and cordons. @default [] */
  readonly nodes: readonly NodePatch[];
  /** Pod Security levels. @default [] */
  readonly namespaces: readonly SecuredNamespace[];
  readonly ingress: IngressExtras;
  /** A private image registry. @default none */
  readonly registry?: Omit<ImageRegistryArgs, "platform">;
  /** Logins at registries for pods. @default none */
  readonly imagePullSecrets?: ImagePullSecretsArgs;
  readonly platform: Pick<Platform, "identifier" | "issuerRef" | "bundle" | "generations" | "ingress">;
  /** Namespaces that the stack's other systems make. @default {} */
  readonly madeNamespaces?: MadeNamespaces;
  /** The cluster's nodes as the preflight has read them; absent where it is switched off. */
  readonly clusterNodes?: readonly NodeAddresses[];
}

/**
 * What the kubernetes-worker charm did for a cluster, on one that exists already: settings of nodes and namespaces, the proxy for workloads,
 * what stands behind the internal ingress. What it did to machines is in the output `notApplicable`, with where it is done instead.
 *
 * Needs a platform. Nodes and their firewall are others' to run.
 * @see https://github.com/charmed-kubernetes/charm-kubernetes-worker
 */
export class Workers extends pulumi.ComponentResource {
  /** Options and actions of the charm without a meaning here, each with its reason and where it is done instead. */
  readonly notApplicable: Readonly<Record<string, NotApplicable>> = notApplicable;
  /** Where a node port is reached, by node; absent where nothing here has one, or the preflight is switched off. */
  readonly nodeAddresses?: Readonly<Record<string, readonly string[]>>;

  /** `HOST` or `HOST:PORT` of the private registry; absent where there is none, as the two below. */
  readonly registryAddress?: pulumi.Output<string>;
  /** The line that logs in to it. */
  readonly registryLogin?: pulumi.Output<string>;
  /** The passwords that were made for it, by their users; secret. */
  readonly registryPasswords?: pulumi.Output<Readonly<Record<string, string>>>;
  /** `NAMESPACE/NAME` of each pull secret. */
  readonly pullSecretNames: pulumi.Output<readonly string[]>;

  constructor(name: string, args: WorkersArgs, opts?: pulumi.ComponentResourceOptions) {
    const { proxy, nodes, namespaces, ingress } = args;
    // the configuration alone: a protected namespace keeps this component on destroy, and with it whatever its inputs come from
    super("trustplane:workers:Workers", name, { proxy, nodes, namespaces, ingress }, opts);
    const parent = { parent: this };
    // what is kept on destroy must not wait for it, or would keep it too; other pods would be placed on a node that is cordoned a moment later
    const settings = nodes.length > 0 ? [new NodeSettings(`${name}-nodes`, { nodes }, parent)] : [];
    const secured = namespaces.length > 0 ? new NamespaceSecurity(`${name}-namespaces`, { namespaces }, parent) : undefined;
    const madeNamespaces = { ...args.madeNamespaces, ...secured?.madeNamespaces };
    if (proxy !== undefined) this.proxy(`${name}-proxy`, proxy, madeNamespaces);
    ingressExtras(name, args, { ...parent, dependsOn: settings });
    const registry = this.imageRegistry(`${name}-registry`, args, madeNamespaces);
    const logins = this.imagePullSecrets(`${name}-image-pull-secrets`, args, madeNamespaces);
    this.registryAddress = registry?.address;
    this.registryLogin = registry?.loginCommand;
    this.registryPasswords = registry?.registryPasswords;
    this.pullSecretNames = pulumi.all([registry?.pullSecretNames ?? [], logins?.pullSecretNames ?? []]).apply((all) => all.flat());
    this.nodeAddresses = nodePortAddresses(args);
    const { registryAddress, registryLogin, registryPasswords, pullSecretNames, nodeAddresses } = this;
    this.registerOutputs({ registryAddress, registryLogin, registryPasswords, pullSecretNames, nodeAddresses });
  }

  private proxy(name: string, { namespaces, ...proxy }: NonNullable<WorkersArgs["proxy"]>, madeNamespaces: MadeNamespaces): void {
    new ProxyEnvironment(name, { proxy, namespaces, madeNamespaces }, { parent: this });
  }

  private imageRegistry(name: string, { registry, platform }: WorkersArgs, madeNamespaces: MadeNamespaces): ImageRegistry | undefined {
    if (registry === undefined) return undefined;
    const pullSecrets = { ...registry.pullSecrets, madeNamespaces };
    return new ImageRegistry(name, { ...registry, pullSecrets, platform }, { parent: this });
  }

  private imagePullSecrets(name: string, { imagePullSecrets }: WorkersArgs, madeNamespaces: MadeNamespaces): ImagePullSecrets | undefined {
    return imagePullSecrets && new ImagePullSecrets(name, { ...imagePullSecrets, madeNamespaces }, { parent: this });
  }
}

function ingressExtras(name: string, { ingress, platform }: WorkersArgs, opts: pulumi.ComponentResourceOptions): void {
  const { defaultBackend, example } = ingress;
  if (defaultBackend !== undefined) new DefaultBackend(`${name}-default-backend`, { ...defaultBackend, ingress: platform.ingress }, opts);
  if (example !== undefined) new ExampleApplication(`${name}-example`, { ...example, ingress: platform.ingress }, opts);
}

/** Every node has the port, whichever runs the pods. */
function nodePortAddresses({ ingress: { example }, registry, clusterNodes }: WorkersArgs): Workers["nodeAddresses"] {
  const onNodePort = [example, registry].some((exposed) => exposed?.exposure.type === "nodePort");
  if (!onNodePort || clusterNodes === undefined) return undefined;
  return Object.fromEntries(clusterNodes.map(({ name, addresses }) => [name, addresses]));
}
