import type * as pulumi from "@pulumi/pulumi";
import { Geocube } from "./components/geocube/geocube";
import { AccessProbe } from "./components/interlink/accessProbe";
import { edgeIssuer } from "./components/interlink/edgeIssuer";
import { KubernetesApiEdge } from "./components/interlink/kubernetesApiEdge";
import { clusterProvider } from "./components/platform/clusterProvider";
import { DynamicProviders } from "./components/platform/dynamicProviders";
import { platformOf } from "./components/platform/platform";
import { workloadProxy } from "./components/platform/workloadProxy";
import { Plexus } from "./components/plexus/plexus";
import { PonosAgent } from "./components/ponos/ponosAgent";
import { Workers } from "./components/workers/workers";
import { needsDynamicProviders } from "./config/dynamicProviders";
import { readConfig } from "./config/readConfig";
import { preflight } from "./preflight/preflight";

/** The program: configuration, what the cluster says to it, the platform, the systems on it, the outputs. */
export = async (): Promise<Record<string, pulumi.Input<unknown>>> => {
  const config = await readConfig();
  const facts = await preflight(config);
  const { cluster, interlink } = config;
  const proxy = config.workers?.proxy;
  const dynamicProviders = needsDynamicProviders(config) ? [new DynamicProviders("dynamic-providers")] : [];
  const opts = { providers: [clusterProvider(cluster), ...dynamicProviders], transformations: workloadProxy(proxy) };
  const platform = platformOf(cluster.identifier, config.platform, opts);

  const edgeArgs = interlink && {
    ...interlink,
    accessProbe: undefined,
    issuer: edgeIssuer(platform, interlink.issuer),
    ingress: platform.ingress,
  };
  const edge = edgeArgs && new KubernetesApiEdge("kubernetes-api-edge", edgeArgs, opts);
  const accessProbe = interlink?.accessProbe && new AccessProbe("access-probe", interlink.accessProbe, { ...opts, dependsOn: edge });

  const { identifier, bundle: certificates, generations } = platform;
  const ponosArgs = config.ponos && { ...config.ponos, proxy: config.ponos.proxy ?? proxy, identifier, certificates, generations };
  const ponos = ponosArgs && new PonosAgent("ponos", ponosArgs, opts);

  const plexus = config.plexus && new Plexus("plexus", { ...config.plexus, platform, cluster, edge }, opts);

  const geocube = config.geocube && new Geocube("geocube", { ...config.geocube, platform, cluster }, opts);

  const madeNamespaces = { ...ponos?.namespaces, ...plexus?.namespaces, ...geocube?.namespaces };
  const workersArgs = config.workers && { ...config.workers, platform, madeNamespaces, clusterNodes: facts?.nodes };
  const workers = workersArgs && new Workers("workers", workersArgs, opts);

  const outputs = {
    kubernetesApiAddr: edge?.address,
    kubernetesApiPort: edge?.port,
    kubernetesApiCaCrt: edge?.caBundle ?? certificates,
    interlinkValues: edge?.interlinkValues,
    accessProbeJob: accessProbe?.jobName,
    ponosSeed: ponos?.seed,
    kubeconfigs: plexus?.kubeconfigs,
    geocubeAddress: geocube?.address,
    registryAddress: workers?.registryAddress,
    registryLogin: workers?.registryLogin,
    registryPasswords: workers?.registryPasswords,
    pullSecretNames: workers?.pullSecretNames,
    nodeAddresses: workers?.nodeAddresses,
    notApplicable: workers?.notApplicable,
    ...platform.outputs,
    platform: platform.publish({ edge, plexus }),
  };
  // the SDK warns of each output that is undefined
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
};
