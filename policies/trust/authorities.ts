import type { PolicySettings } from "../../config/policies";
import { own } from "../frameworks";
import type { Reading } from "../reading";
import type { Finding, ResourceRule, RuleFacts } from "../rule";

export const certificateTypes = ["tls:index/selfSignedCert:SelfSignedCert", "tls:index/locallySignedCert:LocallySignedCert"];

function authorityRule(
  facts: Omit<RuleFacts, "severity" | "level" | "frameworks">,
  judge: (props: Reading, settings: PolicySettings) => readonly Finding[],
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
    title: "A CA certificate lives no longer than the stack says (trustplane:policies.longestCaHours).",
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

export const authorityRules = [limitAuthorityValidity, limitAuthorityPathLength, limitAuthorityUses, requireAuthorityFlag];
