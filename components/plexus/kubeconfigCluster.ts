import * as fs from "node:fs";
import { type Cluster, KubeConfig } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterProviderArgs } from "../platform/clusterProvider";

/** The way to the API server that tenants are told. */
export interface KubernetesApi {
  /** URL. */
  readonly server: pulumi.Input<string>;
  /** PEM of the CA that signed what the server shows; empty where a public one did. */
  readonly certificateAuthority: pulumi.Input<string>;
  /** The name in the server's certificate, where it is not that of `server`. */
  readonly tlsServerName?: string;
  /** Whether something before the API server ends TLS, so that it sees tokens and no client's certificate. @default false */
  readonly endsTls?: boolean;
}

/** InterLink's edge, or whatever else publishes address, port and CA. */
export interface PublishedApi {
  readonly address: pulumi.Input<string>;
  readonly port: pulumi.Input<string>;
  /** PEM of the roots; empty for a public CA. */
  readonly caBundle: pulumi.Input<string>;
}

/** The way through InterLink's edge, which ends TLS. */
export function kubernetesApiThroughEdge({ address, port, caBundle }: PublishedApi): KubernetesApi {
  return { server: pulumi.interpolate`https://${address}:${port}`, certificateAuthority: caBundle, endsTls: true };
}

/**
 * The way that the provider's own kubeconfig goes.
 * @throws pulumi.RunError where the kubeconfig, its context or the cluster's CA is not there
 */
export function kubernetesApiOf({ kubeconfig, context }: Pick<ClusterProviderArgs, "kubeconfig" | "context">): KubernetesApi {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  const name = context ?? config.getCurrentContext();
  const cluster = config.getCluster(config.getContextObject(name)?.cluster ?? "");
  if (cluster === null)
    refuse(name, "has no cluster in the kubeconfig", "choose a context that the kubeconfig knows: trustplane:cluster.context");
  return { server: cluster.server, certificateAuthority: authorityOf(name, cluster), tlsServerName: cluster.tlsServerName };
}

/** A tenant that does not verify the server would hand its token to whoever answers. */
function authorityOf(context: string, { caData, caFile, server, skipTLSVerify }: Cluster): string {
  if (skipTLSVerify) refuse(context, "says insecure-skip-tls-verify", `give it the CA of ${server}`);
  if (caData !== undefined) return Buffer.from(caData, "base64").toString("utf8");
  if (caFile !== undefined && fs.existsSync(caFile)) return fs.readFileSync(caFile, "utf8");
  return refuse(context, caFile === undefined ? "has no CA" : `names the CA ${caFile}, which is not there`, `give it the CA of ${server}`);
}

function refuse(context: string, flaw: string, wayOut: string): never {
  throw new pulumi.RunError(
    `tenants' kubeconfigs need the API server's address and CA, but the context ${JSON.stringify(context)} ${flaw}: ${wayOut}, or set trustplane:plexus.kubernetesApi`,
  );
}
