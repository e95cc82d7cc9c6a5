import { stringify } from "yaml";
import type { KubernetesApiExposure } from "../components/interlink/exposure";
import type { IngressExposure } from "../components/platform/ingressExposure";
import { Failure } from "./exitCode";

/** How a stack is reached from outside its cluster; undefined where there is no such system. */
export interface StackExposures {
  readonly ingressNginx?: IngressExposure;
  readonly interlink?: KubernetesApiExposure;
}

/** What a kind node has to have for an exposure. */
interface NodeNeeds {
  readonly ports: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The kubelet and kubeadm set these themselves, and refuse them from anybody else. */
const reservedLabel = /(^|\.)(kubernetes|k8s)\.io\//;

/**
 * A kind `Cluster` file whose node has the ports and labels that the exposures need. There is one node, so that no pod can land
 * where the ports are not mapped; kind leaves a single control plane without a taint.
 * @throws Failure where no exposure is a port of a node, or two want different values of one label
 * @see https://kind.sigs.k8s.io/docs/user/configuration/
 */
export function kindCluster(stack: string, exposures: StackExposures): string {
  const needs = needsOf(exposures);
  if (needs.length === 0) throw new Failure(nothingToMap(stack, exposures));
  const ports = [...new Set(needs.flatMap((each) => each.ports))];
  const labels = mergedLabels(needs);
  const node = {
    role: "control-plane",
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    extraPortMappings: ports.map((port) => ({ containerPort: port, hostPort: port, protocol: "TCP" })),
  };
  return `# kind create cluster --config FILE\n${stringify({ kind: "Cluster", apiVersion: "kind.x-k8s.io/v1alpha4", nodes: [node] })}`;
}

function needsOf({ ingressNginx, interlink }: StackExposures): readonly NodeNeeds[] {
  return [...(ingressNginx === undefined ? [] : ingressNeeds(ingressNginx)), ...(interlink === undefined ? [] : edgeNeeds(interlink))];
}

function ingressNeeds(exposure: IngressExposure): readonly NodeNeeds[] {
  switch (exposure.type) {
    case "hostPort":
      return [{ ports: [exposure.http, exposure.https], labels: exposure.nodeSelector }];
    case "nodePort":
      return [{ ports: [exposure.https], labels: {} }];
    case "loadBalancer":
      return [];
  }
}

function edgeNeeds(exposure: KubernetesApiExposure): readonly NodeNeeds[] {
  switch (exposure.type) {
    case "hostPort":
      return [{ ports: [exposure.port], labels: exposure.nodeSelector }];
    case "nodePort":
      return [{ ports: [exposure.port], labels: {} }];
    case "ingress":
    case "loadBalancer":
    case "direct":
      return [];
  }
}

function mergedLabels(needs: readonly NodeNeeds[]): Readonly<Record<string, string>> {
  const merged: Record<string, string> = {};
  for (const [key, value] of needs.flatMap(({ labels }) => Object.entries(labels)).filter(([key]) => !reservedLabel.test(key))) {
    const other = merged[key];
    if (other !== undefined && other !== value) throw new Failure(twoValues(key, other, value));
    merged[key] = value;
  }
  return merged;
}

function twoValues(key: string, first: string, second: string): string {
  return (
    `ingressNginx.exposure.nodeSelector wants ${key}=${first}, interlink.exposure.nodeSelector ${key}=${second}: ` +
    "a kind node has one value of a label. Write the same value, or select by another label."
  );
}

function nothingToMap(stack: string, { ingressNginx, interlink }: StackExposures): string {
  const found = Object.entries({ ingressNginx, interlink }).map(([section, exposure]) => `${section} ${exposure?.type ?? "is absent"}`);
  return (
    `stack ${stack} needs no port of a kind node: ${found.join(", ")}. Mapped are the exposures hostPort and nodePort. ` +
    `Set trustplane:interlink.exposure.type or trustplane:ingressNginx.exposure.type in Pulumi.${stack}.yaml to one of them, or use kind without a file.`
  );
}
