import * as pulumi from "@pulumi/pulumi";
import { clusterIssuerRef } from "../../components/platform/certificates";
import { ImageRegistry, type ImageRegistryArgs } from "../../components/workers/imageRegistry";
import { type Deployment, deploy, type Outputs } from "../deployment";
import { platformOutputs } from "../platformOutputs";

/** What every made password is, and its hash. */
export const madePassword = "made";
export const madeHash = "$2a$10$madeByTheProvider";

const same = (): Record<string, unknown> => ({});

/** What the providers add to the inputs of a registry's resources. */
export const outputs: Outputs = {
  ...platformOutputs(""),
  "random:index/randomPassword:RandomPassword": () => ({ result: madePassword, bcryptHash: madeHash }),
  "random:index/randomId:RandomId": () => ({ hex: "0123456789abcdef0123456789abcdef" }),
  "kubernetes:core/v1:NamespacePatch": same,
  "kubernetes:core/v1:PersistentVolumeClaimPatch": same,
  "kubernetes:batch/v1:CronJob": same,
  "kubernetes:rbac.authorization.k8s.io/v1:Role": same,
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": same,
};

/** A registry behind the platform's ingress. */
export const settled: ImageRegistryArgs = {
  platform: {
    identifier: "lab",
    issuerRef: clusterIssuerRef("trustplane-lab-ca-1"),
    bundle: pulumi.output("roots"),
    ingress: { namespace: pulumi.output("ingress-nginx-internal"), className: pulumi.output("nginx-internal"), httpsPort: 60_443 },
  },
  host: "registry.example.org",
  namespace: "image-registry",
  protect: false,
  users: ["cluster"],
  pullSecrets: { name: "image-registry", user: "cluster", namespaces: ["default"] },
  storage: { type: "volume", claimName: "image-registry-data", size: "1Gi", accessMode: "ReadWriteOnce" },
  delete: false,
  certificate: { type: "issued", duration: "2160h" },
  exposure: { type: "ingress", annotations: {} },
  allowedSources: [],
  serviceAccountAnnotations: {},
  image: "registry:3",
  nginxImage: "nginx:1",
  runAsUser: 65_532,
  imagePullSecrets: [],
  resources: { requests: { cpu: "100m" }, limits: {} },
  nodeSelector: {},
  tolerations: [],
};

/** A platform without an internal ingress. */
export const withoutIngress = { ...settled.platform, ingress: undefined };

/** A registry named `registry`. */
export async function registry(changes: Partial<ImageRegistryArgs> = {}): Promise<Deployment<ImageRegistry>> {
  return deploy(() => new ImageRegistry("registry", { ...settled, ...changes }), outputs);
}

/** Type and name of every child, sorted. */
export function children({ resources }: Deployment<unknown>): readonly string[] {
  return resources
    .filter(({ type }) => !type.startsWith("trustplane:") && !type.startsWith("pulumi:"))
    .map(({ type, name }) => `${type.split(":").at(-1) ?? type} ${name}`)
    .sort();
}
