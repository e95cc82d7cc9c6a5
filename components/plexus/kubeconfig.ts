/** Where the API server is, and how it proves that it is the one. */
export interface KubeconfigCluster {
  /** URL of the API server. */
  readonly server: string;
  /** PEM of the CA that signed what the server shows; empty where a public one did. */
  readonly certificateAuthority: string;
  /** The name in the server's certificate, where it is not that of `server`. */
  readonly tlsServerName?: string;
}

/** What the user proves its name with; certificate and key are PEM. */
export type KubeconfigCredential = { readonly certificate: string; readonly key: string } | { readonly token: string };

export interface KubeconfigArgs {
  readonly cluster: KubeconfigCluster;
  /** The cluster's lasting name: kubeconfigs of several clusters can be merged. */
  readonly identifier: string;
  /** The user's name; with the identifier it makes the context's. */
  readonly user: string;
  /** The namespace of commands that name none. */
  readonly namespace: string;
  readonly credential: KubeconfigCredential;
}

/**
 * A kubeconfig with one context, complete in itself, as JSON, which is YAML too.
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export function kubeconfigText({ cluster, identifier, user, namespace, credential }: KubeconfigArgs): string {
  const name = `${user}@${identifier}`;
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: identifier, cluster: clusterFields(cluster) }],
    users: [{ name, user: userFields(credential) }],
    contexts: [{ name, context: { cluster: identifier, user: name, namespace } }],
    "current-context": name,
  };
  return `${JSON.stringify(kubeconfig, null, 2)}\n`;
}

function clusterFields({ server, certificateAuthority, tlsServerName }: KubeconfigCluster): Record<string, string> {
  return {
    server,
    ...(tlsServerName === undefined ? {} : { "tls-server-name": tlsServerName }),
    ...(certificateAuthority.trim() === "" ? {} : { "certificate-authority-data": base64(certificateAuthority) }),
  };
}

function userFields(credential: KubeconfigCredential): Record<string, string> {
  if ("token" in credential) return { token: credential.token };
  return { "client-certificate-data": base64(credential.certificate), "client-key-data": base64(credential.key) };
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
