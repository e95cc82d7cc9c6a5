/** Variables for the bundle's path that are set on request: each replaces its program's own roots. */
export type TrustVariable = "SSL_CERT_FILE" | "CURL_CA_BUNDLE" | "NODE_EXTRA_CA_CERTS";

/** What boto and requests, by which Arkindex and S3 are reached, read. */
const trustVariables = ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"] as const;

export interface ProxyArgs {
  /** For plain HTTP. @default none */
  readonly http?: string;
  /** For HTTPS. @default none */
  readonly https?: string;
  /** Hosts that are reached without it, beside the cluster's own names. @default [] */
  readonly noProxy: readonly string[];
}

type Environment = Readonly<Record<string, string>>;

/** The variables by which programs verify with the bundle at `path`. */
export function trustEnvironment(path: string, variables: readonly TrustVariable[]): Environment {
  return Object.fromEntries([...trustVariables, ...variables].map((variable) => [variable, path]));
}

/** Names that only the cluster's own DNS knows. */
const clusterNames = [".svc", ".cluster.local"];

/**
 * The variables by which programs use the proxy, in both spellings, since programs differ in which one they read.
 * @param direct hosts that this container alone reaches without it
 */
export function proxyEnvironment(proxy: ProxyArgs | undefined, ...direct: readonly string[]): Environment {
  if (proxy === undefined) return {};
  const variables = {
    http_proxy: proxy.http,
    https_proxy: proxy.https,
    no_proxy: [...direct, ...clusterNames, ...proxy.noProxy].join(","),
  };
  const set = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(set.flatMap(([name, value]) => [[name, value] as const, [name.toUpperCase(), value] as const]));
}
