import { isIP } from "node:net";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EdgeArgs, EdgeExposure } from "./edgeArguments";
import { edgeIngress } from "./edgeIngress";
import { type EdgeScope, edgeLabels, edgeName, edgeSelector } from "./edgeScope";
import { advertisedPool } from "./metalLB";

/** What clients connect to; known once it is there. */
export interface Endpoint {
  readonly address: pulumi.Output<string>;
  readonly port: pulumi.Output<string>;
}

type LoadBalancer = Extract<EdgeExposure, { readonly type: "loadBalancer" }>;

/** Opens the way to the edge's pods. @param deployment what is reached; made once it is available */
export function edgeEndpoint(scope: EdgeScope, args: EdgeArgs, deployment: pulumi.CustomResource): Endpoint {
  const { address, exposure } = args;
  switch (exposure.type) {
    case "hostPort":
      return endpoint(address, exposure.port, deployment);
    case "nodePort": {
      const port = { ...servicePort(usualPort), nodePort: exposure.port };
      const service = edgeService(scope, { spec: { type: "NodePort", ports: [port], ...trueSources(args) } }, deployment);
      return endpoint(address, exposure.port, service);
    }
    case "loadBalancer":
      return loadBalancer(scope, args, exposure, deployment);
    case "ingress": {
      const service = edgeService(scope, { spec: { type: "ClusterIP", ports: [servicePort(usualPort)] } }, deployment);
      return endpoint(address, exposure.ingress.httpsPort, edgeIngress(scope, args, exposure.ingress, service));
    }
  }
}

const usualPort = 443;

/** A name of its own for each number: a preview that changes the port still finds the old one, and a name may not be there twice. */
function servicePort(port: number) {
  return { name: port === usualPort ? "https" : `https-${port}`, port, targetPort: "https", protocol: "TCP" };
}

function endpoint(address: string, port: number, way: pulumi.CustomResource): Endpoint {
  return { address: way.id.apply(() => address), port: way.id.apply(() => String(port)) };
}

interface ServiceArgs {
  readonly annotations?: Record<string, pulumi.Input<string>>;
  readonly spec: k8s.types.input.core.v1.ServiceSpec;
}

function edgeService(scope: EdgeScope, { annotations, spec }: ServiceArgs, deployment: pulumi.Resource): k8s.core.v1.Service {
  const metadata = { name: edgeName, namespace: scope.namespace, labels: edgeLabels(scope), annotations };
  const opts = { ...scope.opts, dependsOn: deployment };
  return new k8s.core.v1.Service(`${scope.name}-service`, { metadata, spec: { ...spec, selector: edgeSelector(scope) } }, opts);
}

function loadBalancer(scope: EdgeScope, args: EdgeArgs, exposure: LoadBalancer, deployment: pulumi.Resource): Endpoint {
  const spec = {
    type: "LoadBalancer",
    ports: [servicePort(exposure.port)],
    loadBalancerClass: exposure.class,
    ...(args.allowedSources.length === 0 ? {} : { loadBalancerSourceRanges: [...args.allowedSources] }),
    ...trueSources(args),
  };
  const annotations = { ...metalLBAnnotations(scope, args.address, exposure), ...exposure.annotations };
  const service = edgeService(scope, { annotations, spec }, deployment);
  const address = service.status.apply((status) => {
    warnOfOtherAddress(args.address, status, service);
    return args.address;
  });
  return { address, port: address.apply(() => String(exposure.port)) };
}

/** Nodes pass a connection on under their own address unless its pod is on the same node; then it cannot be told who connects. */
function trueSources({ allowedSources }: EdgeArgs): Pick<k8s.types.input.core.v1.ServiceSpec, "externalTrafficPolicy"> {
  return allowedSources.length === 0 ? {} : { externalTrafficPolicy: "Local" };
}

function metalLBAnnotations(scope: EdgeScope, address: string, { metalLB }: LoadBalancer): Record<string, pulumi.Input<string>> {
  if (metalLB === undefined) return {};
  const pool = { "metallb.io/address-pool": advertisedPool(scope, metalLB) };
  return isIP(address) === 0 ? pool : { ...pool, "metallb.io/loadBalancerIPs": address };
}

function warnOfOtherAddress(address: string, status: k8s.types.output.core.v1.ServiceStatus | undefined, service: pulumi.Resource): void {
  const given = (status?.loadBalancer.ingress ?? [])
    .flatMap(({ hostname, ip }) => [ip, hostname])
    .filter((each: string | undefined) => each !== undefined);
  if (isIP(address) === 0 || given.length === 0 || given.includes(address)) return;
  const wayOut = "ask for it in the exposure (metalLB, or your cloud's annotations), or set the address to what was given and run up again";
  void pulumi.log.warn(
    `The load balancer has the address ${given.join(", ")}, but clients are told ${address}. Unless that leads there: ${wayOut}.`,
    service,
  );
}
