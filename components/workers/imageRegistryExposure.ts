import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ImageRegistryArgs } from "./imageRegistry";
import { registryPort } from "./imageRegistryConfiguration";
import { registryIngress } from "./imageRegistryIngress";
import { type RegistryScope, registryLabels, registryName, registrySelector } from "./imageRegistryScope";

/** How clients, and the nodes' container runtimes, reach the registry. */
export type RegistryExposure =
  | {
      /** An Ingress, without a limit on what is uploaded. */
      readonly type: "ingress";
      /** A class that the cluster has, and the port that its controller answers HTTPS on. @default the platform's internal ingress */
      readonly named?: { readonly className: string; readonly port: number };
      /** Further annotations, for a controller that is no ingress-nginx. @default {} */
      readonly annotations: Readonly<Record<string, string>>;
    }
  | {
      /** A cloud's or MetalLB's address. */
      readonly type: "loadBalancer";
      /** @default 443 */
      readonly port: number;
      /** The Service's `loadBalancerClass`. @default the cluster's */
      readonly class?: string;
      /** Annotations of the Service, for the cloud or MetalLB. @default {} */
      readonly annotations: Readonly<Record<string, string>>;
    }
  | {
      /** A port of every node. */
      readonly type: "nodePort";
      /** 30000-32767 unless the API server says otherwise. */
      readonly port: number;
    }
  | {
      /** Inside the cluster alone; nodes know no Service by its name. */
      readonly type: "clusterIP";
      /** @default 443 */
      readonly port: number;
    };

/** Opens the way to the registry's pod. @returns `HOST` or `HOST:PORT`, as images are named by it; known once the way is there */
export function registryAddress(scope: RegistryScope, args: ImageRegistryArgs, deployment: pulumi.Resource): pulumi.Output<string> {
  const service = new k8s.core.v1.Service(
    `${scope.name}-service`,
    {
      metadata: { name: registryName, namespace: scope.namespace, labels: registryLabels(scope), annotations: serviceAnnotations(args) },
      spec: { ...serviceSpec(args), selector: registrySelector(scope) },
    },
    { ...scope.opts, dependsOn: deployment },
  );
  const way = args.exposure.type === "ingress" ? registryIngress(scope, args, service) : service;
  const port = clientPort(args);
  return way.id.apply(() => (port === 443 ? args.host : `${args.host}:${port}`));
}

function clientPort({ exposure, platform }: ImageRegistryArgs): number {
  if (exposure.type !== "ingress") return exposure.port;
  return exposure.named?.port ?? platform.ingress?.httpsPort ?? 443;
}

function serviceAnnotations({ exposure }: ImageRegistryArgs): Readonly<Record<string, string>> | undefined {
  return exposure.type === "loadBalancer" ? exposure.annotations : undefined;
}

function serviceSpec({ exposure, allowedSources }: ImageRegistryArgs): k8s.types.input.core.v1.ServiceSpec {
  // nodes pass a connection on under their own address unless its pod is on the same node; then it cannot be told who connects
  const sources = allowedSources.length === 0 ? {} : { externalTrafficPolicy: "Local" };
  switch (exposure.type) {
    case "loadBalancer": {
      const ranges = allowedSources.length === 0 ? {} : { loadBalancerSourceRanges: [...allowedSources] };
      return { type: "LoadBalancer", loadBalancerClass: exposure.class, ports: [servicePort(exposure.port)], ...ranges, ...sources };
    }
    case "nodePort":
      return { type: "NodePort", ports: [{ ...servicePort(443), nodePort: exposure.port }], ...sources };
    case "clusterIP":
      return { type: "ClusterIP", ports: [servicePort(exposure.port)] };
    case "ingress":
      return { type: "ClusterIP", ports: [servicePort(registryPort)] };
  }
}

/** Its name has its number: a preview that changes the port still finds the old one, and a name may not be there twice. */
function servicePort(port: number): k8s.types.input.core.v1.ServicePort {
  return { name: `https-${port}`, port, targetPort: "https", protocol: "TCP" };
}
