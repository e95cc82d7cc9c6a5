import * as k8s from "@pulumi/kubernetes";
import { apiserverPort } from "./apiserver";
import type { ExposureArgs } from "./apiserverExposure";
import { costPort } from "./consolidater";
import { downloaderPort } from "./downloader";
import { geocubeLabels, type GeocubePart, geocubeSelector, type GeocubeScope, workerLabels } from "./geocubeScope";
import { emulatorAddress } from "./messaging";

type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Labels = Readonly<Record<string, string>>;

/** Who runs, and who may connect. */
export interface PolicyArgs extends Pick<ExposureArgs, "exposure" | "allowedSources" | "platform"> {
  /** Namespaces whose pods may connect to the servers. @default [] */
  readonly clientNamespaces: readonly string[];
  readonly parts: Readonly<Record<"autoscaler" | "downloader" | "pubsubEmulator", boolean>>;
}

/**
 * Lets in to each part who has business there: clients to the servers, the autoscaler to the workers, which it asks what ending them would
 * cost, and pods of Geocube to the emulator. The database's own policies are beside them.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function networkPolicies(scope: GeocubeScope, args: PolicyArgs): void {
  const { autoscaler, downloader, pubsubEmulator } = args.parts;
  const part = (name: GeocubePart): Peer => ({ podSelector: { matchLabels: geocubeSelector(scope, name) } });
  policy(scope, "fence", {}, []);
  const emulator = pubsubEmulator ? [part("pubsub-emulator")] : [];
  policy(
    scope,
    "apiserver",
    geocubeSelector(scope, "apiserver"),
    ingress(apiserverPort, [...clients(args), ...outside(args), ...emulator]),
  );
  if (downloader) policy(scope, "downloader", geocubeSelector(scope, "downloader"), ingress(downloaderPort, clients(args)));
  if (autoscaler) policy(scope, "workers", workerLabels, ingress(costPort, [part("autoscaler")]));
  if (pubsubEmulator) {
    const users = [part("apiserver"), part("consolidater")];
    policy(scope, "pubsub-emulator", geocubeSelector(scope, "pubsub-emulator"), ingress(emulatorAddress.port, users));
  }
}

type Rule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;

/** Without peers a rule would let everybody in. */
function ingress(port: number, from: readonly Peer[]): Rule[] {
  return from.length === 0 ? [] : [{ ports: [{ protocol: "TCP", port }], from: [...from] }];
}

function clients({ clientNamespaces }: PolicyArgs): Peer[] {
  return clientNamespaces.map((name) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } }));
}

const everywhere = ["0.0.0.0/0", "::/0"];

/** What comes through an ingress comes from its controller, wherever that is. */
function outside({ exposure, allowedSources, platform }: PolicyArgs): Peer[] {
  switch (exposure.type) {
    case "none":
      return [];
    case "ingress": {
      if (exposure.className !== undefined || platform.ingress === undefined) return [{ namespaceSelector: {} }];
      return [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": platform.ingress.namespace } } }];
    }
    case "nodePort":
    case "loadBalancer":
      return (allowedSources.length === 0 ? everywhere : allowedSources).map((cidr) => ({ ipBlock: { cidr } }));
  }
}

function policy(scope: GeocubeScope, child: string, matchLabels: Labels, rules: Rule[]): void {
  const { name, namespace, opts } = scope;
  new k8s.networking.v1.NetworkPolicy(
    `${name}-${child}-network-policy`,
    {
      metadata: { name: `geocube-${child}`, namespace, labels: geocubeLabels(scope) },
      spec: { podSelector: { matchLabels }, policyTypes: ["Ingress"], ingress: rules },
    },
    opts,
  );
}
