import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../platform/disruptionBudget";
import { INGRESS_CONTROLLER_LABELS } from "../platform/names";
import { labels, restrictedContainerSecurityContext, restrictedPodSecurityContext, selectorLabels } from "../platform/workload";
import { sourcePeers } from "../platform/networkPeers";

/** A program that answers HTTP and keeps nothing. */
export interface WebServerArgs {
  /** With version or digest. */
  readonly image: string;
  /** Port that it listens on, above 1023, since it runs without rights. @default 8080 */
  readonly port: number;
  /** A user above 0 that the image is known to work with. @default 65534 */
  readonly runAsUser: number;
  /** Path that answers 200 to probes. */
  readonly healthPath: string;
  /** Pods. */
  readonly replicas: number;
}

/** What every object of one server is made with. */
export interface WebServerScope {
  /** The component's name, which its children's names begin with. */
  readonly name: string;
  /** Name of the objects that others refer to. */
  readonly objectName: string;
  readonly namespace: pulumi.Input<string>;
  readonly opts: { readonly parent: pulumi.Resource };
}

/** Who may connect, and by which Service. */
export type WebServerExposure =
  | { readonly type: "ingress" }
  | {
      /** A port of every node, @default 30000-32767 unless the API server says otherwise. */
      readonly type: "nodePort";
      readonly nodePort: number;
      /** CIDR blocks that may connect; everyone where empty. @default [] */
      readonly allowedSources: readonly string[];
    };

type Metadata = k8s.types.input.meta.v1.ObjectMeta;

/** Pods at the level restricted, their Service and their fence; made once they are ready. @returns the Service, of which `http` is the port */
export function webServer(scope: WebServerScope, args: WebServerArgs, exposure: WebServerExposure): k8s.core.v1.Service {
  const identity = { name: scope.objectName, instance: scope.name };
  const selector = selectorLabels(identity);
  const metadata = { namespace: scope.namespace, labels: labels(identity) };
  fence(scope, args.port, metadata, exposure);
  const deployment = pods(scope, args, { ...metadata, name: scope.objectName }, selector);
  if (args.replicas > 1) disruptionBudget(scope.name, { ...metadata, selector }, scope.opts);
  return new k8s.core.v1.Service(
    `${scope.name}-service`,
    { metadata: { ...metadata, name: scope.objectName }, spec: { selector, ...servicePorts(exposure) } },
    { ...scope.opts, dependsOn: deployment },
  );
}

/** Nodes pass a connection on under their own address unless its pod is on the same node. */
function servicePorts(exposure: WebServerExposure): k8s.types.input.core.v1.ServiceSpec {
  const http = { name: "http", port: 80, targetPort: "http", protocol: "TCP" };
  if (exposure.type === "ingress") return { type: "ClusterIP", ports: [http] };
  const { nodePort, allowedSources } = exposure;
  const externalTrafficPolicy = allowedSources.length === 0 ? "Cluster" : "Local";
  return { type: "NodePort", externalTrafficPolicy, ports: [{ ...http, nodePort }] };
}

/** @see https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
function fence({ name, objectName, opts }: WebServerScope, port: number, metadata: Metadata, exposure: WebServerExposure): void {
  const podSelector = { matchLabels: selectorLabels({ name: objectName, instance: name }) };
  const ingress = [{ ports: [{ protocol: "TCP", port }], ...peers(exposure) }];
  new k8s.networking.v1.NetworkPolicy(
    `${name}-network-policy`,
    { metadata, spec: { podSelector, policyTypes: ["Ingress", "Egress"], ingress, egress: [] } },
    opts,
  );
}

/** Without `from` everybody is let in. */
function peers(exposure: WebServerExposure): k8s.types.input.networking.v1.NetworkPolicyIngressRule {
  if (exposure.type === "ingress") return { from: [{ podSelector: { matchLabels: INGRESS_CONTROLLER_LABELS } }] };
  const { allowedSources } = exposure;
  return sourcePeers(allowedSources);
}

function pods(scope: WebServerScope, args: WebServerArgs, metadata: Metadata, selector: Record<string, string>): k8s.apps.v1.Deployment {
  const template = { metadata: { labels: metadata.labels }, spec: podSpec(args) };
  const spec = { replicas: args.replicas, selector: { matchLabels: selector }, template };
  return new k8s.apps.v1.Deployment(`${scope.name}-deployment`, { metadata, spec }, scope.opts);
}

function podSpec({ image, port, runAsUser, healthPath }: WebServerArgs): k8s.types.input.core.v1.PodSpec {
  const probe = { httpGet: { path: healthPath, port: "http" } };
  const container = {
    name: "server",
    image,
    ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
    securityContext: restrictedContainerSecurityContext(),
    resources: { requests: { cpu: "10m", memory: "20Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
    readinessProbe: { ...probe, periodSeconds: 5 },
    livenessProbe: { ...probe, initialDelaySeconds: 5, timeoutSeconds: 30 },
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPodSecurityContext(runAsUser),
    containers: [container],
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: "16Mi" } }],
  };
}
