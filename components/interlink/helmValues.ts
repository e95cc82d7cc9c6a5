/** What the virtual node tells its containers of the Kubernetes API. */
export interface InterlinkValuesArgs {
  /** What HPC nodes connect to: an IPv4 address or a DNS name. */
  readonly address: string;
  /** The port that is truly reachable. */
  readonly port: string;
  /** PEM of the roots; empty where the cluster's own CA, or a public one, signed what clients are served. */
  readonly caBundle: string;
}

/** What the block of `KubernetesApiCaCrt` is indented by in the chart's ConfigMap. */
const blockIndent = " ".repeat(6);

/**
 * A values file for the virtual node's chart, as JSON, which is YAML too and keeps what the lines begin with.
 * @see https://github.com/interlink-hq/interlink-helm-chart
 */
export function interlinkValues({ address, port, caBundle }: InterlinkValuesArgs): string {
  const certificates = caBundle.trim() === "" ? {} : { kubernetesApiCaCrt: indentedPem(caBundle) };
  const interlink = {
    kubernetesApiAddr: address,
    kubernetesApiPort: port,
    ...certificates,
    // every pod's token is logged otherwise; the chart's `default true` takes the boolean for absent
    logging: { verboseLogging: "false" },
  };
  return JSON.stringify({ interlink });
}

/**
 * Charts up to 0.5.2 indent each line by six spaces; those from 0.5.3 on twelve for the first line and six for the others, which no
 * YAML reader takes. With an empty first line and six spaces before each other, both give one block of the same PEM.
 */
function indentedPem(pem: string): string {
  const lines = pem.trim().split(/\r?\n/);
  return `\n${lines.map((line) => `${blockIndent}${line.trim()}\n`).join("")}`;
}
