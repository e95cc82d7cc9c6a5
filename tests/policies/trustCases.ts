import * as authorities from "../../policies/trust/authorities";
import * as certificates from "../../policies/trust/certificates";
import { disallowSecretFlow } from "../../policies/trust/dataFlow";
import { requireStrongKeys } from "../../policies/trust/keys";
import { requireShorterLeaves } from "../../policies/trust/leaves";
import * as protection from "../../policies/trust/protection";
import * as providers from "../../policies/trust/providers";
import { deployment } from "./podFixture";
import { type CaseGroup, resource } from "./ruleCase";

const key = resource("tls:index/privateKey:PrivateKey", { algorithm: "ECDSA", ecdsaCurve: "P256" }, { name: "ca-key" });
const root = resource(
  "tls:index/selfSignedCert:SelfSignedCert",
  { isCaCertificate: true, validityPeriodHours: 87_600, maxPathLength: 1, allowedUses: ["cert_signing", "crl_signing"] },
  { name: "ca-root", sources: { privateKeyPem: [key.urn] }, protect: true },
);
const leaf = resource(
  "tls:index/locallySignedCert:LocallySignedCert",
  { validityPeriodHours: 2160, allowedUses: ["client_auth"] },
  { name: "leaf", sources: { caCertPem: [root.urn] } },
);

export const authorityCases: CaseGroup = {
  title: "rules of authorities",
  cases: [
    {
      rule: requireStrongKeys,
      stack: [key],
      change: ["ecdsaCurve", "P224"],
      message: "the key is ECDSA P224; it must be ECDSA P256, P384 or P521, ED25519, or RSA of 3072 bits",
    },
    {
      rule: authorities.limitAuthorityValidity,
      stack: [root],
      change: ["validityPeriodHours", 876_000],
      message: "the CA is valid for 876000 hours; at most 87600 are allowed",
    },
    {
      rule: authorities.limitAuthorityPathLength,
      stack: [root],
      change: ["maxPathLength", undefined],
      message: "allows any number of CAs below it; maxPathLength must be 0 or 1",
    },
    {
      rule: authorities.limitAuthorityUses,
      stack: [root],
      change: ["allowedUses", ["cert_signing", "server_auth"]],
      message: "the CA's key serves server_auth too; allowed are cert_signing, crl_signing, digital_signature",
    },
    {
      rule: authorities.requireAuthorityFlag,
      stack: [root],
      change: ["isCaCertificate", false],
      message: "may sign certificates and is no CA's; write isCaCertificate: true",
    },
    {
      rule: requireShorterLeaves,
      stack: [leaf, root],
      change: ["validityPeriodHours", 87_600],
      message: "is valid for 87600 hours, its CA for 87600; a leaf must end before its CA",
    },
  ],
};

const certificate = resource("kubernetes:cert-manager.io/v1:Certificate", {
  metadata: { name: "web", namespace: "lab" },
  spec: {
    duration: "2160h",
    dnsNames: ["web.example.org"],
    issuerRef: { kind: "ClusterIssuer", name: "dev-ca-1" },
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
  },
});

export const certificateCases: CaseGroup = {
  title: "rules of certificates",
  cases: [
    {
      rule: certificates.limitCertificateDuration,
      stack: [certificate],
      change: ["spec.duration", "8760h"],
      message: "is valid for 8760 hours; at most 2400 are allowed",
    },
    {
      rule: certificates.limitCertificateIssuers,
      stack: [certificate],
      settings: { certificateIssuers: ["ClusterIssuer dev-ca-*"] },
      change: ["spec.issuerRef.name", "other"],
      message: "is signed by ClusterIssuer other; allowed are ClusterIssuer dev-ca-*",
    },
    {
      rule: certificates.limitCertificateDomains,
      stack: [certificate],
      settings: { certificateDomains: ["example.org"] },
      change: ["spec.dnsNames", ["web.example.com"]],
      message: "names web.example.com; allowed are names of example.org",
    },
    {
      rule: certificates.requireKeyRotation,
      stack: [certificate],
      change: ["spec.privateKey.rotationPolicy", "Never"],
      message: "keeps its key when it is renewed; privateKey.rotationPolicy must be Always",
    },
    {
      rule: certificates.requireStrongCertificateKeys,
      stack: [certificate],
      change: ["spec.privateKey", { algorithm: "RSA", size: 1024 }],
      message: "has a key of RSA 1024 bits; at least 2048 are needed",
    },
    {
      rule: requireShorterLeaves,
      stack: [certificate, root],
      change: ["spec.duration", "87600h"],
      message: "is valid for 87600 hours, the stack's CA for 87600; a leaf must end before its CA",
    },
  ],
};

const claim = resource(
  "kubernetes:core/v1:PersistentVolumeClaimPatch",
  { metadata: { name: "data", namespace: "lab" } },
  { protect: true },
);
const namespace = resource("kubernetes:core/v1:NamespacePatch", { metadata: { name: "lab" } }, { protect: true });
const protect = { protect: true };

export const protectionCases: CaseGroup = {
  title: "rules of what cannot be made again",
  cases: [
    {
      rule: protection.requireProtectedKeys,
      stack: [root, { ...key, protect: true }],
      settings: protect,
      change: ["subject", {}],
      options: { protect: false },
      message: "the CA's certificate is not protected; it cannot be made again. Set protect",
      unknown: "isCaCertificate",
    },
    {
      rule: protection.requireProtectedData,
      stack: [namespace, claim],
      settings: protect,
      change: ["metadata.labels", {}],
      options: { protect: false },
      message: "the namespace of a data volume is not protected; it cannot be made again. Set protect",
      unknown: "metadata.name",
    },
  ],
};

const password = resource("random:index/randomPassword:RandomPassword", { length: 32, result: "correct-horse" }, { name: "password" });
const reading = { sources: { data: [password.urn], spec: [password.urn], values: [password.urn] } };
const map = resource("kubernetes:core/v1:ConfigMap", { metadata: { name: "web", namespace: "lab" }, data: { mode: "fast" } }, reading);

const token = resource("kubernetes:core/v1:Secret", {
  metadata: { name: "token" },
  type: "kubernetes.io/service-account-token",
  data: { token: Buffer.from("eyJhbGciOi.secret").toString("base64") },
});

export const secretCases: CaseGroup = {
  title: "rules of secrets' ways and of the provider",
  cases: [
    {
      rule: disallowSecretFlow,
      stack: [map, password],
      change: ["data", { url: "postgres://web:correct-horse@db" }],
      message: "the secret of password reaches data, which everybody reads who may look; keep it in a Secret",
      unknown: "metadata.annotations",
    },
    {
      rule: disallowSecretFlow,
      stack: [{ ...deployment(), ...reading }, password],
      change: ["spec.template.spec.containers.0.args", ["--password=correct-horse"]],
      message: "the secret of password reaches the args of container web, which everybody reads who may look; keep it in a Secret",
      unknown: "spec.template.spec.containers",
    },
    {
      rule: disallowSecretFlow,
      stack: [{ ...map, sources: { metadata: [token.urn] } }, token],
      change: ["metadata.annotations", { note: "eyJhbGciOi.secret" }],
      message: "the secret of token reaches the annotation note, which everybody reads who may look; keep it in a Secret",
    },
    {
      rule: providers.disallowDefaultProvider,
      stack: [{ ...deployment(), provider: "cluster" }],
      change: ["metadata.labels", {}],
      options: { provider: "default_4_32_0" },
      unknown: false,
      other: resource("random:index/randomPet:RandomPet", { length: 2 }),
      message: "is made by the default provider (default_4_32_0); give it the program's provider",
    },
    {
      rule: providers.requireExplicitCluster,
      stack: [resource("pulumi:providers:kubernetes", { kubeconfig: "/home/me/.kube/config", clusterIdentifier: "lab" })],
      change: ["clusterIdentifier", undefined],
      message: "has no clusterIdentifier; without it another cluster, or none, could be meant",
    },
  ],
};
