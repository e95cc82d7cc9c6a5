import { own } from "../frameworks";
import { kubernetesType } from "../../config/kubernetesType";
import type { ResourceRule } from "../rule";

export const disallowDefaultProvider: ResourceRule = {
  name: "disallow-default-provider",
  title: "No object goes to whatever cluster kubectl happens to be on.",
  severity: "high",
  level: "mandatory",
  frameworks: [own("provider")],
  remediation: ["Give the component the program's provider: opts.providers."],
  judge: ({ type, provider }) => {
    if (kubernetesType(type) === undefined) return undefined;
    const ambient = provider !== undefined && /^default(_|$)/.test(provider);
    return ambient ? [{ message: `is made by the default provider (${provider}); give it the program's provider` }] : [];
  },
};

export const requireExplicitCluster: ResourceRule = {
  name: "require-explicit-cluster",
  title: "The provider says which cluster it means: kubeconfig and lasting name.",
  severity: "high",
  level: "mandatory",
  frameworks: [own("provider")],
  remediation: ["Write cluster.kubeconfig and cluster.identifier in the stack's file; context, where the kubeconfig has several."],
  judge: ({ type, props }) => {
    if (type !== "pulumi:providers:kubernetes") return undefined;
    return ["kubeconfig", "clusterIdentifier"]
      .filter((key) => props.at(key).isAbsent())
      .map((key) => ({ message: `has no ${key}; without it another cluster, or none, could be meant` }));
  },
};

export const providerRules = [disallowDefaultProvider, requireExplicitCluster];
