import { certificateHours, certificateSpec, isCertificateAuthority } from "../certManagerResources";
import { own } from "../frameworks";
import type { Reading } from "../reading";
import type { Finding, ResourceRule, RuleFacts, StackFinding, StackResource, StackRule } from "../rule";
import type { Settings } from "../settings";

export const privateKeyType = "tls:index/privateKey:PrivateKey";
export const certificateTypes = ["tls:index/selfSignedCert:SelfSignedCert", "tls:index/locallySignedCert:LocallySignedCert"];

const curves = ["P256", "P384", "P521"];
const leastRsaBits = 3072;

export const requireStrongKeys: ResourceRule = {
  name: "require-strong-keys",
  title: "Keys of the stack are ECDSA of P-256 or more, Ed25519, or RSA of 3072 bits or more.",
  severity: "critical",
  level: "mandatory",
  frameworks: [own("certificates"), { name: "NIST SP 800-57", reference: "part 1, table 2" }],
  remediation: [
    "Write algorithm: ECDSA and ecdsaCurve: P256.",
    "A new key makes a new CA: raise certificateAuthority.generation instead of changing one in use.",
  ],
  scopes: ["keys"],
  judge: ({ type, props }) => {
    if (type !== privateKeyType) return undefined;
    const [algorithm, curve, bits] = [props.at("algorithm"), props.at("ecdsaCurve"), props.at("rsaBits")];
    const weak = (text: string): readonly Finding[] => [
      {
        message: `the key is ${text}; it must be ECDSA P256, P384 or P521, ED25519, or RSA of ${leastRsaBits} bits`,
        value: { keys: [text] },
      },
    ];
    if (algorithm.text() === "ECDSA")
      return curve.isUnknown() || curves.includes(curve.text() ?? "P224") ? [] : weak(`ECDSA ${curve.text() ?? "P224"}`);
    if (algorithm.text() === "RSA")
      return bits.isUnknown() || (bits.number() ?? 2048) >= leastRsaBits ? [] : weak(`RSA ${bits.number() ?? 2048}`);
    return [];
  },
};

function authorityRule(
  facts: Omit<RuleFacts, "severity" | "level" | "frameworks">,
  judge: (props: Reading, settings: Settings) => readonly Finding[],
): ResourceRule {
  return {
    ...facts,
    severity: "high",
    level: "mandatory",
    frameworks: [own("certificates"), { name: "RFC 5280", reference: "4.2.1" }],
    judge: ({ type, props }, settings) => {
      if (!certificateTypes.includes(type)) return undefined;
      return props.at("isCaCertificate").differsFrom(true) ? [] : judge(props, settings);
    },
  };
}

export const limitAuthorityValidity = authorityRule(
  {
    name: "limit-ca-validity",
    title: "A CA certificate lives no longer than the stack says (settings.longestCaHours).",
    remediation: ["Lower certificateAuthority.validity; plan the next generation well before its end."],
    scopes: ["hours"],
  },
  (props, { longestCaHours }) => {
    const hours = props.at("validityPeriodHours").number() ?? 0;
    return hours <= longestCaHours
      ? []
      : [{ message: `the CA is valid for ${hours} hours; at most ${longestCaHours} are allowed`, value: { hours: [hours] } }];
  },
);

export const limitAuthorityPathLength = authorityRule(
  {
    name: "limit-ca-path-length",
    title: "A CA certificate says how many CAs may stand below it: none or one.",
    remediation: [
      "Write maxPathLength: 1, or 0 for a CA that signs leaves alone.",
      "A changed root is a new root: begin with the next generation.",
    ],
    scopes: ["pathLengths"],
  },
  (props) => {
    const length = props.at("maxPathLength");
    const number = length.number() ?? -1;
    if (length.isUnknown() || number === 0 || number === 1) return [];
    const found = number < 0 ? "any number of CAs" : `${number} CAs`;
    return [{ message: `allows ${found} below it; maxPathLength must be 0 or 1`, value: { pathLengths: [number] } }];
  },
);

const authorityUses = ["cert_signing", "crl_signing", "digital_signature"];

export const limitAuthorityUses = authorityRule(
  {
    name: "limit-ca-uses",
    title: "A CA's key signs certificates and lists of revoked ones, and serves nobody.",
    remediation: [`Write allowedUses of ${authorityUses.join(", ")}, with cert_signing among them.`],
    scopes: ["uses"],
  },
  (props) => {
    const uses = props.at("allowedUses");
    const other = uses.texts().filter((use) => !authorityUses.includes(use));
    const signs = uses.isUnknown() || uses.items().some((use) => use.isUnknown() || use.text() === "cert_signing");
    const cannot = { message: "the CA may not sign certificates; allowedUses must contain cert_signing", value: { uses: ["none"] } };
    return [
      ...(signs ? [] : [cannot]),
      ...other.map((use) => ({
        message: `the CA's key serves ${use} too; allowed are ${authorityUses.join(", ")}`,
        value: { uses: [use] },
      })),
    ];
  },
);

export const requireAuthorityFlag: ResourceRule = {
  name: "require-ca-flag",
  title: "A certificate that signs others says that it is a CA's.",
  severity: "high",
  level: "mandatory",
  frameworks: [own("certificates"), { name: "RFC 5280", reference: "4.2.1.9" }],
  remediation: ["Write isCaCertificate: true, or take cert_signing out of allowedUses."],
  judge: ({ type, props }) => {
    if (!certificateTypes.includes(type)) return undefined;
    const signs = props.at("allowedUses").texts().includes("cert_signing");
    return signs && props.at("isCaCertificate").differsFrom(true)
      ? [{ message: "may sign certificates and is no CA's; write isCaCertificate: true" }]
      : [];
  },
};

/** The certificate that signs another, and the shortest life of the stack's roots where that is not known. */
function signers(resource: StackResource): readonly StackResource[] {
  return (resource.sources["caCertPem"] ?? []).filter(({ type }) => certificateTypes.includes(type));
}

function longerThanSigner(resource: StackResource): readonly StackFinding[] {
  const hours = resource.props.at("validityPeriodHours").number();
  const limits = signers(resource).flatMap(({ props }) => props.at("validityPeriodHours").number() ?? []);
  const limit = Math.min(...limits);
  if (hours === undefined || hours < limit) return [];
  return [{ resource, message: `is valid for ${hours} hours, its CA for ${limit}; a leaf must end before its CA` }];
}

function longerThanRoots(resource: StackResource, spec: Reading, limit: number): readonly StackFinding[] {
  const hours = certificateHours(spec);
  if (isCertificateAuthority(spec) || hours === undefined || hours < limit) return [];
  return [{ resource, message: `is valid for ${hours} hours, the stack's CA for ${limit}; a leaf must end before its CA` }];
}

export const requireShorterLeaves: StackRule = {
  name: "require-shorter-leaves",
  title: "A certificate ends before the CA that signed it.",
  severity: "high",
  level: "mandatory",
  frameworks: [own("certificates")],
  remediation: ["Lower the certificate's duration, or make a CA of the next generation."],
  judgeStack: (resources) => {
    const signed = resources.filter(({ type }) => type === certificateTypes[1]);
    const leaves = resources.flatMap((resource) => {
      const spec = certificateSpec(resource);
      return spec === undefined ? [] : [{ resource, spec }];
    });
    const roots = resources.filter(({ type, props }) => type === certificateTypes[0] && props.at("isCaCertificate").flag() === true);
    const limit = Math.min(...roots.flatMap(({ props }) => props.at("validityPeriodHours").number() ?? []));
    if (signed.length + leaves.length === 0) return undefined;
    return [...signed.flatMap(longerThanSigner), ...leaves.flatMap(({ resource, spec }) => longerThanRoots(resource, spec, limit))];
  },
};

export const authorityRules = [
  requireStrongKeys,
  limitAuthorityValidity,
  limitAuthorityPathLength,
  limitAuthorityUses,
  requireAuthorityFlag,
  requireShorterLeaves,
];
