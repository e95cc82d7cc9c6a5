import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Platform } from "../platform/platform";
import { apiserverPort, apiserverServiceName } from "./apiserver";
import { apiserverIngress } from "./apiserverIngress";
import { clearText } from "./downloader";
import { partMetadata } from "./geocubePod";
import { geocubeSelector, type GeocubeScope } from "./geocubeScope";
import type { ServerTlsArgs } from "./serverTls";

/** How clients outside the cluster reach the apiserver. Whoever does may do everything where there are no tokens. */
export type ApiserverExposure =
  | {
      /** Not at all. */
      readonly type: "none";
    }
  | {
      /** A port of every node. */
      readonly type: "nodePort";
      /** What clients connect to: an IPv4 address or a DNS name of a node. */
      readonly address: string;
      readonly port: number;
    }
  | {
      /** A cloud's or MetalLB's address. */
      readonly type: "loadBalancer";
      /** What clients connect to. */
      readonly address: string;
      /** @default 443 */
      readonly port: number;
      /** The Service's `loadBalancerClass`. @default the cluster's */
      readonly class?: string;
      /** @default {} */
      readonly annotations: Readonly<Record<string, string>>;
    }
  | {
      /** An ingress controller that speaks gRPC to it. */
      readonly type: "ingress";
      /** The DNS name that clients connect to. */
      readonly host: string;
      /** Go duration of the leaf that clients see. */
      readonly duration: string;
      /** An IngressClass of the cluster whose controller reads every namespace. @default the platform's internal ingress */
      readonly className?: string;
      /** Of the Ingress, merged last. @default {} */
      readonly annotations: Readonly<Record<string, string>>;
    };

export interface ExposureArgs {
  readonly exposure: ApiserverExposure;
  /** CIDR blocks outside the cluster that may connect. @default [], which lets everybody where there are tokens */
  readonly allowedSources: readonly string[];
  readonly tls?: ServerTlsArgs;
  readonly platform: Pick<Platform, "issuerRef" | "ingress">;
}

/** DNS names and addresses by which clients outside connect to the server's own leaf; behind an ingress they see the ingress'. */
export function exposedNames(exposure: ApiserverExposure): readonly string[] {
  return "address" in exposure ? [exposure.address] : [];
}

/**
 * Opens the way to the server.
 * @returns `HOST:PORT` that clients connect to; known once something answers there
 */
export function exposedApiserver(scope: GeocubeScope, args: ExposureArgs, deployment: pulumi.Resource): pulumi.Output<string> {
  const { exposure } = args;
  const service = apiserverService(scope, args, deployment);
  switch (exposure.type) {
    case "none":
      return pulumi.interpolate`${service.metadata.name}.${scope.namespace}.svc:${apiserverPort}`;
    case "nodePort":
    case "loadBalancer":
      return service.id.apply(() => `${exposure.address}:${exposure.port}`);
    case "ingress":
      return apiserverIngress(scope, { ...args, exposure }, service);
  }
}

function apiserverService(scope: GeocubeScope, args: ExposureArgs, deployment: pulumi.Resource): k8s.core.v1.Service {
  const { spec, annotations } = serviceOf(args);
  const selector = geocubeSelector(scope, "apiserver");
  const metadata = { ...partMetadata(scope, "apiserver", apiserverServiceName), annotations };
  return new k8s.core.v1.Service(
    `${scope.name}-apiserver-service`,
    { metadata, spec: { ...spec, selector } },
    { ...scope.opts, dependsOn: deployment },
  );
}

/** A name of its own for each number: a preview that changes the port still finds the old one, and a name may not be there twice. */
function servicePort(port: number) {
  return { name: port === apiserverPort ? "grpc" : `grpc-${port}`, port, targetPort: "grpc", protocol: "TCP" };
}

interface ServiceArgs {
  readonly spec: Omit<k8s.types.input.core.v1.ServiceSpec, "selector">;
  readonly annotations?: Record<string, string>;
}

function serviceOf({ exposure, allowedSources, tls }: ExposureArgs): ServiceArgs {
  const scheme = clearText({ encrypted: tls !== undefined });
  const port = { ...servicePort(apiserverPort), ...scheme };
  // nodes pass a connection on under their own address unless its pod is on the same node; then it cannot be told who connects
  const sources = allowedSources.length === 0 ? {} : { externalTrafficPolicy: "Local" };
  if (exposure.type === "nodePort") return { spec: { type: "NodePort", ports: [{ ...port, nodePort: exposure.port }], ...sources } };
  if (exposure.type !== "loadBalancer") return { spec: { type: "ClusterIP", ports: [port] } };
  const ranges = allowedSources.length === 0 ? {} : { loadBalancerSourceRanges: [...allowedSources] };
  const spec = {
    type: "LoadBalancer",
    ports: [{ ...servicePort(exposure.port), ...scheme }],
    loadBalancerClass: exposure.class,
    ...ranges,
    ...sources,
  };
  return { spec, annotations: { ...exposure.annotations } };
}
