import type * as pulumi from "@pulumi/pulumi";
import { Geocube } from "./components/geocube/geocube";
import { AccessProbe } from "./components/interlink/accessProbe";
import { edgeIssuer } from "./components/interlink/edgeIssuer";
import { KubernetesApiEdge } from "./components/interlink/kubernetesApiEdge";
import { clusterProvider } from "./components/platform/clusterProvider";
import { platformOf } from "./components/platform/platform";
import { Plexus } from "./components/plexus/plexus";
import { PonosAgent } from "./components/ponos/ponosAgent";
import { Workers } from "./components/workers/workers";
import { readConfig } from "./config/readConfig";
import { preflight } from "./preflight/preflight";

/** The program: configuration, what the cluster says to it, the platform, the systems on it, the outputs. */
export = async (): Promise<Record<string, pulumi.Input<unknown>>> => {
  const config = await readConfig();
  const facts = await preflight(config);
  const { cluster, interlink } = config;
  const provider = clusterProvider(cluster);
  const platform = platformOf(cluster.identifier, config.platform, { provider });

  const edgeArgs = interlink && {
    ...interlink,
    accessProbe: undefined,
    issuer: edgeIssuer(platform, interlink.issuer),
    ingress: platform.ingress,
  };
  const edge = edgeArgs && new KubernetesApiEdge("kubernetes-api-edge", edgeArgs, { provider });
  const accessProbe = interlink?.accessProbe && new AccessProbe("access-probe", interlink.accessProbe, { provider, dependsOn: edge });

  const { identifier, bundle: certificates, generations } = platform;
  const ponos = config.ponos && new PonosAgent("ponos", { ...config.ponos, identifier, certificates, generations }, { provider });

  const plexus = config.plexus && new Plexus("plexus", { ...config.plexus, platform, cluster, edge }, { provider });

  const geocube = config.geocube && new Geocube("geocube", { ...config.geocube, platform, cluster }, { provider });

  const workers = config.workers && new Workers("workers", { ...config.workers, platform, clusterNodes: facts?.nodes }, { provider });

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
