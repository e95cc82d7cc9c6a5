import { limitChartPowers } from "../../policies/security/chartPowers";
import { requireChartVersion, requireRenderedChart, requireReviewedChart, unrenderedKey } from "../../policies/security/charts";
import * as images from "../../policies/security/images";
import { disallowLiteralCredentials } from "../../policies/security/literalCredentials";
import * as namespaces from "../../policies/security/namespaces";
import { disallowUnusedTokens } from "../../policies/security/serviceAccountTokens";
import * as services from "../../policies/security/services";
import { deployment, inContainer, inPod } from "./podFixture";
import { type CaseGroup, resource } from "./ruleCase";

const stack = [deployment()];
const releaseType = "kubernetes:helm.sh/v3:Release";
const roleType = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole";
const siblingUrn = (type: string): string => `urn:pulumi:test::trustplane::trustplane:platform:CertManager$${type}::it`;
const approver = resource(
  roleType,
  {
    metadata: { name: "cert-manager-controller-approve:cert-manager-io", namespace: "cert-manager" },
    rules: [
      {
        apiGroups: ["cert-manager.io"],
        resources: ["signers"],
        verbs: ["approve"],
        resourceNames: ["issuers.cert-manager.io/*", "clusterissuers.cert-manager.io/*"],
      },
    ],
  },
  { urn: siblingUrn(roleType), chart: { release: "it", namespace: "cert-manager" } },
);
const image = `${inContainer}.image`;

export const imageCases: CaseGroup = {
  title: "rules of images and charts",
  cases: [
    {
      rule: images.requireImageVersion,
      stack,
      change: [image, "registry.example.org:5000/web"],
      message: "container web runs registry.example.org:5000/web, which has no version; write a tag other than latest, or a digest",
    },
    {
      rule: images.requireImageDigest,
      stack,
      change: [image, "nginx:1.29"],
      message: "container web runs nginx:1.29 without digest; append @sha256:…",
    },
    {
      rule: images.requireOwnImageDigest,
      stack,
      settings: { ownImages: ["docker.io/library/nginx"] },
      change: [image, "nginx:1.29"],
      message: "container web runs nginx:1.29 without digest; append @sha256:…",
    },
    {
      rule: images.limitImageRegistries,
      stack,
      settings: { imageRegistries: ["registry.example.org"] },
      change: [image, "nginx:1.29"],
      message: "container web runs nginx:1.29; allowed are images of registry.example.org",
    },
    {
      rule: images.requireImagePullSecrets,
      stack,
      settings: { privateRegistries: ["private.example.org"] },
      change: [image, "private.example.org/web:1"],
      message: "container web runs private.example.org/web:1 of a registry that wants a login; name a pull secret in imagePullSecrets",
    },
    {
      rule: requireChartVersion,
      stack: [resource("kubernetes:helm.sh/v3:Release", { name: "it", chart: "ingress-nginx", version: "4.15.1" })],
      change: ["version", "^4.0.0"],
      message: "the chart ingress-nginx has ^4.0.0; version must be one, like 1.2.3",
    },
    {
      rule: requireReviewedChart,
      stack: [resource(releaseType, { name: "it", chart: "cert-manager", version: "v1.21.2" }, { urn: siblingUrn(releaseType) })],
      change: ["version", "v1.22.0"],
      message: "cert-manager v1.22.0 was not reviewed; >=1.21.0 <1.22.0 was",
    },
    {
      rule: requireRenderedChart,
      stack: [resource(releaseType, { name: "it", chart: "cert-manager" })],
      change: [unrenderedKey, "no answer within 40 s"],
      message: "what the chart makes was not judged, because it cannot be rendered: no answer within 40 s",
      unknown: false,
    },
    {
      rule: limitChartPowers,
      stack: [approver],
      change: ["rules.0.resourceNames.2", "all.example.org/*"],
      message: "may approve cert-manager.io/signers all.example.org/*, which cert-manager >=1.21.0 <1.22.0 does not ask for",
    },
  ],
};

const namespace = resource("kubernetes:core/v1:NamespacePatch", {
  metadata: {
    name: "lab",
    labels: { "pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/enforce-version": "v1.36" },
  },
});
const policy = resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", { metadata: { name: "deny", namespace: "lab" } });
const quota = resource("kubernetes:core/v1:ResourceQuota", { metadata: { name: "quota", namespace: "lab" } });
const binding = resource("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", {
  metadata: { name: "web", namespace: "lab" },
  roleRef: { kind: "Role", name: "web" },
  subjects: [{ kind: "ServiceAccount", name: "web", namespace: "lab" }],
});

export const namespaceCases: CaseGroup = {
  title: "rules of credentials and namespaces",
  cases: [
    {
      rule: disallowLiteralCredentials,
      stack,
      change: [`${inContainer}.env.0`, { name: "POSTGRES_PASSWORD", value: "hunter2" }],
      message: "container web's variable POSTGRES_PASSWORD is a credential by its name in the clear; keep it in a Secret",
      unknown: `${inContainer}.env.0.value`,
    },
    {
      rule: disallowLiteralCredentials,
      stack: [
        resource("kubernetes:core/v1:ConfigMap", { metadata: { name: "web" }, data: { "server.crt": "-----BEGIN CERTIFICATE-----" } }),
      ],
      change: ["data|server.key", "-----BEGIN EC PRIVATE KEY-----\nMHc"],
      message: "key server.key is a private key in the clear; keep it in a Secret",
    },
    {
      rule: disallowLiteralCredentials,
      stack: [resource("kubernetes:helm.sh/v3:Release", { name: "it", values: { login: { existingSecret: "login" } } })],
      change: ["values.login.adminPassword", "hunter2"],
      message: "the chart's value login.adminPassword is a credential by its name in the clear; keep it in a Secret",
    },
    {
      rule: disallowLiteralCredentials,
      stack,
      change: [`${inContainer}.args`, ["--mode=fast", "postgres://web:hunter2@db/web?sslmode=require"]],
      message: "container web's argument args.1 is an address with a password in the clear; keep it in a Secret",
    },
    {
      rule: disallowLiteralCredentials,
      stack,
      change: [`${inContainer}.args`, ["--db.password=hunter2"]],
      message: "container web's argument db.password is a credential by its name in the clear; keep it in a Secret",
    },
    {
      rule: disallowUnusedTokens,
      stack: [deployment(), binding],
      change: [`${inPod}.automountServiceAccountToken`, true],
      message: "pods mount the token of ServiceAccount default, which is everybody's; automountServiceAccountToken must be false",
    },
    {
      rule: namespaces.disallowDefaultNamespace,
      stack,
      change: ["metadata.namespace", "default"],
      message: "the Deployment is in the namespace default; name another in metadata.namespace",
    },
    {
      rule: namespaces.requirePodSecurityLevel,
      stack: [namespace],
      change: ["metadata|labels|pod-security.kubernetes.io/enforce", "privileged"],
      message: "the namespace enforces privileged; the label pod-security.kubernetes.io/enforce must be restricted or baseline",
    },
    {
      rule: namespaces.requirePodSecurityVersion,
      stack: [namespace],
      change: ["metadata|labels|pod-security.kubernetes.io/enforce-version", "latest"],
      message:
        "the level is that of whatever version the cluster has; label the namespace pod-security.kubernetes.io/enforce-version: v1.36",
    },
    {
      rule: namespaces.requireNetworkPolicy,
      stack: [namespace, policy],
      change: ["metadata.name", "other"],
      message: "the namespace other has no NetworkPolicy; every pod of the cluster reaches its pods",
      unknown: "metadata.name",
    },
    {
      rule: namespaces.requireResourceQuota,
      stack: [namespace, quota],
      change: ["metadata.name", "other"],
      message: "the namespace other has no ResourceQuota; its pods may take the whole cluster",
    },
  ],
};

const service = resource("kubernetes:core/v1:Service", {
  metadata: { name: "web", namespace: "lab" },
  spec: { type: "ClusterIP", ports: [{ port: 443, nodePort: 30443 }], loadBalancerSourceRanges: ["192.0.2.0/24"] },
});

const balancer = resource("kubernetes:core/v1:Service", {
  ...(service.props as object),
  spec: { ...(service.props as { spec: object }).spec, type: "LoadBalancer" },
});

export const serviceCases: CaseGroup = {
  title: "rules of Services",
  cases: [
    {
      rule: services.disallowNodePortServices,
      stack: [service],
      change: ["spec.type", "NodePort"],
      message: "opens port 30443 of every node; the type must be ClusterIP",
    },
    {
      rule: services.disallowLoadBalancerServices,
      stack: [service],
      change: ["spec.type", "LoadBalancer"],
      message: "offers port 443 outside the cluster by a load balancer; the type must be ClusterIP",
    },
    {
      rule: services.disallowExternalIps,
      stack: [service],
      change: ["spec.externalIPs", ["192.0.2.1"]],
      message: "takes the traffic of 192.0.2.1; externalIPs must be absent",
    },
    {
      rule: services.requireLoadBalancerSources,
      stack: [balancer],
      change: ["spec.loadBalancerSourceRanges", ["0.0.0.0/0"]],
      message: "lets everybody in (0.0.0.0/0); loadBalancerSourceRanges must list who may connect",
    },
  ],
};
