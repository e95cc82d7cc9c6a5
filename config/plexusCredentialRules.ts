import { identityFlaws } from "../components/plexus/tenantCredentialRules";
import { foundText } from "./describeIssue";
import { durationHours } from "./duration";
import { type GivenCredential, secondsOf } from "./plexusCredential";
import type { Contradiction } from "./problem";

/** The tenant that a credential is for, as far as its credential depends on it. */
export interface CredentialHolder {
  readonly user: string;
  readonly groups: readonly string[];
  readonly credential: GivenCredential;
}

/** The most seconds that a CertificateSigningRequest can ask for: 32 signed bits. */
const LONGEST_SECONDS = 2 ** 31 - 1;

/** What contradicts itself in one tenant's credential; `path` is the tenant's, like `plexus.tenants[0]`. */
export function credentialProblems(path: string, { user, groups, credential }: CredentialHolder): Contradiction[] {
  const flaws = identityFlaws({ user, groups, strategy: credential.type });
  const identity = flaws.map(({ of, ...flaw }) => ({
    path: `${path}.${of}`,
    reads: [`${path}.${of}`, `${path}.credential`],
    found: foundText(of === "user" ? user : groups),
    ...flaw,
  }));
  return [...identity, ...(credential.type === "serviceAccount" ? [] : lifeProblems(`${path}.credential`, credential))];
}

type Certificate = Exclude<GivenCredential, { readonly type: "serviceAccount" }>;

function lifeProblems(path: string, credential: Certificate): Contradiction[] {
  return [
    ...renewalProblems(path, credential),
    ...(credential.type === "certificateAuthority" ? wholeHours(path, credential) : tooLong(path, credential)),
  ];
}

function renewalProblems(path: string, { expiration, renewBefore }: Certificate): Contradiction[] {
  if (renewBefore === undefined || durationHours(renewBefore) < durationHours(expiration)) return [];
  const at = `${path}.renewBefore`;
  const found = `${JSON.stringify(renewBefore)}, and the certificate is valid for ${expiration}`;
  const allowed = "less than the expiration: otherwise each up would renew it";
  const wayOut = "shorten it, or remove it to renew after two thirds of the expiration";
  return [{ path: at, reads: [at, `${path}.expiration`], found, allowed, wayOut }];
}

/** @see https://www.pulumi.com/registry/packages/tls/api-docs/locallysignedcert/ */
function wholeHours(path: string, { expiration, renewBefore }: Certificate): Contradiction[] {
  return Object.entries({ expiration, renewBefore }).flatMap(([key, text]) => {
    if (text === undefined || Number.isInteger(durationHours(text))) return [];
    const at = `${path}.${key}`;
    const allowed = "whole hours where the type is certificateAuthority: the tls provider counts in hours";
    return [
      { path: at, reads: [at, `${path}.type`], found: JSON.stringify(text), allowed, wayOut: `write ${Math.ceil(durationHours(text))}h` },
    ];
  });
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/certificate-signing-request-v1/ */
function tooLong(path: string, credential: Certificate): Contradiction[] {
  if (secondsOf(credential.expiration) <= LONGEST_SECONDS) return [];
  const at = `${path}.expiration`;
  const allowed = `at most ${LONGEST_SECONDS} s, all that a CertificateSigningRequest can ask for`;
  return [
    {
      path: at,
      reads: [at],
      found: JSON.stringify(credential.expiration),
      allowed,
      wayOut: `write ${Math.floor(LONGEST_SECONDS / 3600)}h at most`,
    },
  ];
}
