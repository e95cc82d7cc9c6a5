import { nsa, own } from "../frameworks";
import { isKind } from "../../config/kubernetesType";
import type { Reading } from "../reading";
import type { Finding, JudgedResource, ResourceRule, RuleFacts } from "../rule";

function serviceRule(facts: RuleFacts, judge: (spec: Reading, props: Reading) => readonly Finding[]): ResourceRule {
  const judgeService = ({ type, props }: JudgedResource): readonly Finding[] | undefined =>
    isKind(type, "", "Service") ? judge(props.at("spec"), props) : undefined;
  return { ...facts, judge: judgeService };
}

function ports(spec: Reading, key: "port" | "nodePort"): readonly (number | undefined)[] {
  return spec
    .at("ports")
    .items()
    .map((port) => port.at(key).number());
}

export const disallowNodePortServices = serviceRule(
  {
    name: "disallow-node-port-services",
    title: "No Service opens a port of every node.",
    severity: "high",
    level: "mandatory",
    frameworks: [nsa("C-0256"), own("exposure")],
    remediation: ["Make the Service ClusterIP, and reach it through the ingress."],
    scopes: ["ports"],
  },
  (spec) => {
    if (spec.at("type").text() !== "NodePort") return [];
    return ports(spec, "nodePort").map((port) => ({
      message: `opens ${port === undefined ? "a port that the cluster chooses" : `port ${port}`} of every node; the type must be ClusterIP`,
      value: { ports: [port ?? "any"] },
    }));
  },
);

export const disallowLoadBalancerServices = serviceRule(
  {
    name: "disallow-load-balancer-services",
    title: "No Service asks for a load balancer.",
    severity: "high",
    level: "mandatory",
    frameworks: [nsa("C-0256"), own("exposure")],
    remediation: ["Make the Service ClusterIP, and reach it through the ingress."],
    scopes: ["ports"],
  },
  (spec) => {
    if (spec.at("type").text() !== "LoadBalancer") return [];
    return ports(spec, "port").map((port) => ({
      message: `offers port ${port ?? "?"} outside the cluster by a load balancer; the type must be ClusterIP`,
      value: { ports: [port ?? "any"] },
    }));
  },
);

export const disallowExternalIps = serviceRule(
  {
    name: "disallow-external-ips",
    title: "No Service takes addresses by externalIPs.",
    severity: "critical",
    level: "mandatory",
    frameworks: [own("exposure")],
    remediation: ["Remove externalIPs: they let a Service take other traffic of the cluster (CVE-2020-8554)."],
    scopes: ["addresses"],
  },
  (spec) =>
    spec
      .at("externalIPs")
      .texts()
      .map((address) => ({ message: `takes the traffic of ${address}; externalIPs must be absent`, value: { addresses: [address] } })),
);

/** Annotations by which clouds make a load balancer that only their own network reaches. */
const internal: readonly (readonly [string, string])[] = [
  ["service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"],
  ["service.beta.kubernetes.io/aws-load-balancer-internal", "true"],
  ["service.beta.kubernetes.io/azure-load-balancer-internal", "true"],
  ["networking.gke.io/load-balancer-type", "Internal"],
  ["cloud.google.com/load-balancer-type", "Internal"],
  ["service.beta.kubernetes.io/openstack-internal-load-balancer", "true"],
];

export const requireLoadBalancerSources = serviceRule(
  {
    name: "require-load-balancer-sources",
    title: "A load balancer is internal, or says whom it lets in.",
    severity: "high",
    level: "mandatory",
    frameworks: [own("exposure")],
    remediation: ["List the networks that may connect in loadBalancerSourceRanges, or ask the cloud for an internal load balancer."],
    scopes: ["sources"],
  },
  (spec, props) => {
    if (spec.at("type").text() !== "LoadBalancer") return [];
    const ranges = spec.at("loadBalancerSourceRanges");
    const inside = internal.some(([key, value]) => !props.at("metadata", "annotations", key).differsFrom(value));
    const open = ranges.texts().filter((range) => ["0.0.0.0/0", "::/0"].includes(range));
    if (inside || ranges.isUnknown()) return [];
    if (ranges.items().length === 0)
      return [{ message: "lets everybody in; loadBalancerSourceRanges must list who may connect", value: { sources: ["0.0.0.0/0"] } }];
    return open.map((range) => ({
      message: `lets everybody in (${range}); loadBalancerSourceRanges must list who may connect`,
      value: { sources: [range] },
    }));
  },
);

export const serviceRules = [disallowNodePortServices, disallowLoadBalancerServices, disallowExternalIps, requireLoadBalancerSources];
