import * as net from "node:net";

/** The proxy by which workloads reach what is outside the cluster. */
export interface ProxyArgs {
  /** For plain HTTP. @default none */
  readonly http?: string;
  /** For HTTPS. @default none */
  readonly https?: string;
  /** Hosts that are reached without it, beside the cluster's own names. */
  readonly noProxy: readonly string[];
  /** CIDR blocks of the cluster's Services, each by its network address. @default [] */
  readonly serviceCidrs?: readonly string[];
  /** CIDR blocks of the cluster's pods. @default [] */
  readonly podCidrs?: readonly string[];
}

/** The kubelet writes the API server's address in its place. @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/ */
export const API_SERVER = "$(KUBERNETES_SERVICE_HOST)";

/** The pod itself, the cloud's metadata, and names that only the cluster's own DNS knows. */
const ownHosts = ["localhost", "127.0.0.1", "169.254.169.254", ".svc", ".cluster.local"];

/** The value of `no_proxy`. @param direct hosts that this container alone reaches without the proxy */
export function noProxyText({ noProxy, serviceCidrs = [], podCidrs = [] }: ProxyArgs, ...direct: readonly string[]): string {
  const hosts = [...direct, ...ownHosts, ...serviceCidrs.flatMap(apiServerAddress), ...serviceCidrs, ...podCidrs, ...noProxy];
  return [...new Set(hosts)].join(",");
}

/**
 * The variables by which programs use the proxy, in both spellings, since programs differ in which one they read. Every workload of this
 * program takes them, with {@link API_SERVER} where it speaks to the Kubernetes API.
 * @param direct hosts that this container alone reaches without it
 * @see https://about.gitlab.com/blog/we-need-to-talk-no-proxy/
 */
export function proxyEnvironment(proxy: ProxyArgs | undefined, ...direct: readonly string[]): Readonly<Record<string, string>> {
  if (proxy === undefined) return {};
  const variables = { http_proxy: proxy.http, https_proxy: proxy.https, no_proxy: noProxyText(proxy, ...direct) };
  const set = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(set.flatMap(([name, value]) => [[name, value] as const, [name.toUpperCase(), value] as const]));
}

/** The first address of the Services is the API server's; many programs compare addresses and know nothing of blocks. */
function apiServerAddress(cidr: string): string[] {
  const [network = ""] = cidr.split("/");
  if (network.endsWith("::")) return [`${network}1`];
  return net.isIPv4(network) ? [network.replace(/\d+$/, (last) => String(Number(last) + 1))] : [];
}
