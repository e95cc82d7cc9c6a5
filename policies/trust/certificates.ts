import type { PolicySettings } from "../../config/policies";
import { certificateHours, certificateSpec, isCertificateAuthority } from "../certManagerResources";
import { own } from "../frameworks";
import type { Reading } from "../reading";
import type { Finding, ResourceRule, RuleFacts } from "../rule";

function certificateRule(
  facts: Omit<RuleFacts, "level" | "frameworks">,
  judge: (spec: Reading, settings: PolicySettings) => readonly Finding[],
): ResourceRule {
  return {
    ...facts,
    level: "mandatory",
    frameworks: [own("certificates")],
    judge: (resource, settings) => {
      const spec = certificateSpec(resource);
      return spec && judge(spec, settings);
    },
  };
}

export const limitCertificateDuration = certificateRule(
  {
    name: "limit-certificate-duration",
    title: "A leaf certificate lives no longer than the stack says (trustplane:policies.longestCertificateHours).",
    severity: "medium",
    remediation: ["Lower the Certificate's duration; cert-manager renews it."],
    scopes: ["hours"],
  },
  (spec, { longestCertificateHours }) => {
    const hours = certificateHours(spec) ?? 0;
    if (isCertificateAuthority(spec) || hours <= longestCertificateHours) return [];
    return [{ message: `is valid for ${hours} hours; at most ${longestCertificateHours} are allowed`, value: { hours: [hours] } }];
  },
);

function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}

export const limitCertificateIssuers = certificateRule(
  {
    name: "limit-certificate-issuers",
    title: "Certificates come from the issuers that the stack allows (trustplane:policies.certificateIssuers).",
    severity: "high",
    remediation: ["Name an allowed issuer in issuerRef, or add this one to trustplane:policies.certificateIssuers."],
    scopes: ["issuers"],
  },
  (spec, { certificateIssuers }) => {
    const name = spec.at("issuerRef", "name").text();
    const issuer = `${spec.at("issuerRef", "kind").text() ?? "Issuer"} ${name ?? ""}`;
    if (name === undefined || certificateIssuers.length === 0 || matches(issuer, certificateIssuers)) return [];
    return [{ message: `is signed by ${issuer}; allowed are ${certificateIssuers.join(", ")}`, value: { issuers: [issuer] } }];
  },
);

export const limitCertificateDomains = certificateRule(
  {
    name: "limit-certificate-domains",
    title: "Certificates name hosts of the domains that the stack allows (trustplane:policies.certificateDomains).",
    severity: "high",
    remediation: ["Take the name out, or add its domain to trustplane:policies.certificateDomains."],
    scopes: ["names"],
  },
  (spec, { certificateDomains }) =>
    spec
      .at("dnsNames")
      .texts()
      .filter(
        (name) => certificateDomains.length > 0 && !certificateDomains.some((domain) => name === domain || name.endsWith(`.${domain}`)),
      )
      .map((name) => ({ message: `names ${name}; allowed are names of ${certificateDomains.join(", ")}`, value: { names: [name] } })),
);

export const requireKeyRotation = certificateRule(
  {
    name: "require-key-rotation",
    title: "Each renewal makes a new key.",
    severity: "medium",
    remediation: ["Write privateKey.rotationPolicy: Always."],
  },
  (spec) => {
    const kept = spec.at("privateKey", "rotationPolicy").differsFrom("Always");
    return kept ? [{ message: "keeps its key when it is renewed; privateKey.rotationPolicy must be Always" }] : [];
  },
);

export const requireStrongCertificateKeys = certificateRule(
  {
    name: "require-strong-certificate-keys",
    title: "Keys of certificates are ECDSA of 256 bits or more, Ed25519, or RSA of 2048 bits or more.",
    severity: "high",
    remediation: ["Write privateKey: {algorithm: ECDSA, size: 256}."],
    scopes: ["keys"],
  },
  (spec) => {
    const [algorithm, size] = [spec.at("privateKey", "algorithm"), spec.at("privateKey", "size")];
    if (algorithm.isUnknown() || size.isUnknown() || algorithm.text() === "Ed25519") return [];
    const name = algorithm.text() ?? "RSA";
    const [least, usual] = name === "ECDSA" ? [256, 256] : [2048, 2048];
    const bits = size.number() ?? usual;
    const key = `${name} ${bits}`;
    return bits >= least ? [] : [{ message: `has a key of ${key} bits; at least ${least} are needed`, value: { keys: [key] } }];
  },
);

export const certificateRules = [
  limitCertificateDuration,
  limitCertificateIssuers,
  limitCertificateDomains,
  requireKeyRotation,
  requireStrongCertificateKeys,
];
