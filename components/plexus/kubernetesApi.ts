import * as pulumi from "@pulumi/pulumi";
import type { Platform } from "../platform/platform";
import type { ClusterProviderArgs } from "../platform/clusterProvider";
import { type KubernetesApi, kubernetesApiOf, kubernetesApiThroughEdge, type PublishedApi } from "./kubeconfigCluster";

/** The API server in the tenants' kubeconfigs: that of whoever runs `up`, InterLink's edge, or another address of it. */
export type KubernetesApiChoice =
  | { readonly type: "kubeconfig" }
  | { readonly type: "edge" }
  | { readonly type: "address"; /** URL. */ readonly server: string; /** PEM. */ readonly certificateAuthority: string };

export interface KubernetesApiSources {
  readonly cluster: ClusterProviderArgs;
  readonly platform: Pick<Platform, "shared">;
  /** This stack's edge. @default that of the stack which has the platform */
  readonly edge?: PublishedApi;
}

/**
 * The way to the API server that tenants are told.
 * @throws pulumi.RunError where the kubeconfig does not say what is needed, or there is no edge
 */
export function kubernetesApi(choice: KubernetesApiChoice, { cluster, platform, edge }: KubernetesApiSources): KubernetesApi {
  switch (choice.type) {
    case "kubeconfig":
      return kubernetesApiOf(cluster);
    case "address":
      return choice;
    case "edge":
      return kubernetesApiThroughEdge(edge ?? edgeOf(platform));
  }
}

function edgeOf({ shared }: Pick<Platform, "shared">): PublishedApi {
  if (shared === undefined) throw noEdge();
  const published = shared.apply(({ kubernetesApi }) => {
    if (kubernetesApi === undefined) throw noEdge();
    return kubernetesApi;
  });
  return { address: published.address, port: published.port, caBundle: published.caBundle };
}

function noEdge(): pulumi.RunError {
  return new pulumi.RunError(
    "trustplane:plexus.kubernetesApi is edge, but there is none: add trustplane:interlink to the stack that has the platform, or choose another type",
  );
}
