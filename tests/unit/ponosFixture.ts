import { PonosAgent, type PonosAgentArgs } from "../../components/ponos/ponosAgent";
import { type Deployment, deploy, type Outputs } from "../deployment";
import { platformOutputs } from "../platformOutputs";

/** PEM of the platform's root. */
export const root = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";

/** What is made where no seed is given. */
export const madeSeed = "0f".repeat(32);

const same = (): Record<string, unknown> => ({});

const outputs: Outputs = {
  ...platformOutputs(""),
  "random:index/randomPassword:RandomPassword": () => ({ result: madeSeed }),
  "kubernetes:core/v1:NamespacePatch": same,
  "kubernetes:core/v1:PersistentVolumeClaim": same,
  "kubernetes:core/v1:PersistentVolumeClaimPatch": same,
  "kubernetes:batch/v1:Job": same,
  "kubernetes:rbac.authorization.k8s.io/v1:Role": same,
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": same,
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": same,
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": same,
};

/** The CA for agent and jobs as its defaults make it. */
export const caBundle = {
  claimName: "my-ca-bundle",
  mountPath: "/ssl",
  publicRoots: false,
  variables: [],
  image: "docker.io/library/busybox:1.37.0",
  runAsUser: 65_532,
} as const;

const settled: PonosAgentArgs = {
  identifier: "lab",
  certificates: root,
  generations: [1],
  url: "https://arkindex.example.org",
  farmId: "farm",
  seed: "5eed",
  dataDir: "/data",
  extraEnvironment: {},
  extraVolumes: [],
  image: "registry.example.org/ponos-agent:1.2.3",
  imagePullSecrets: [],
  resources: { requests: { cpu: "100m" }, limits: {} },
  nodeSelector: {},
  tolerations: [],
  configuration: "secret",
  rbac: "namespaced",
  stopJobs: false,
  namespace: "default",
  protect: false,
  networkPolicy: true,
  storage: { claimName: "ponos-data", size: "100Gi", accessMode: "ReadWriteMany" },
  caBundle,
};

/** An agent named `ponos`. */
export async function agent(changes: Partial<PonosAgentArgs> = {}): Promise<Deployment<PonosAgent>> {
  return deploy(() => new PonosAgent("ponos", { ...settled, ...changes }), outputs);
}

/** Type and name of every child, sorted. */
export function children({ resources }: Deployment<unknown>): readonly string[] {
  return resources
    .filter(({ type }) => !type.startsWith("trustplane:") && !type.startsWith("pulumi:"))
    .map(({ type, name }) => `${type.split(":").at(-1) ?? type} ${name}`)
    .sort();
}
