import type { CredentialStrategy } from "./tenantCredentialStrategy";

/** Who the tenant is to be, and how it shows that. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
  readonly strategy: CredentialStrategy["type"];
}

/** Why there can be no such identity. */
export interface IdentityFlaw {
  readonly of: "user" | "groups";
  readonly allowed: string;
  readonly wayOut: string;
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Everything that keeps a user with these groups from having a credential of that kind. */
export function identityFlaws({ user, groups, strategy }: Identity): IdentityFlaw[] {
  const reserved = groups.some((group) => group.startsWith("system:"));
  return [
    ...(user === "" ? [noUser] : []),
    ...(user.startsWith("system:") ? [reservedFlaw("user")] : []),
    ...(reserved ? [reservedFlaw("groups")] : []),
    ...(strategy === "serviceAccount" ? accountFlaws(user, groups) : certificateFlaws(groups)),
  ];
}

const noUser: IdentityFlaw = { of: "user", allowed: "a name that is not empty", wayOut: "name the user that RBAC grants rights to" };

function reservedFlaw(of: IdentityFlaw["of"]): IdentityFlaw {
  const allowed =
    'no name that begins with "system:": Kubernetes keeps those for itself, and a member of system:masters cannot be refused anything';
  return { of, allowed, wayOut: "choose another name, and bind roles to it" };
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#service-account-tokens */
function accountFlaws(user: string, groups: readonly string[]): IdentityFlaw[] {
  const fits = SUBDOMAIN.test(user) && user.length <= 253;
  const name: IdentityFlaw = {
    of: "user",
    allowed: "a DNS subdomain where the credential is a ServiceAccount, because that object is named so",
    wayOut: 'use lower-case letters, digits, "-" and "." only, or choose a credential with a certificate',
  };
  const none: IdentityFlaw = {
    of: "groups",
    allowed: "none where the credential is a ServiceAccount: Kubernetes alone decides what groups it is in",
    wayOut: "remove them, or choose a credential with a certificate",
  };
  return [...(fits || user === "" ? [] : [name]), ...(groups.length === 0 ? [] : [none])];
}

/** The subject of a request of @pulumi/tls has one organization, in which Kubernetes reads a group. */
function certificateFlaws(groups: readonly string[]): IdentityFlaw[] {
  if (groups.length < 2) return [];
  return [
    {
      of: "groups",
      allowed: "at most one in a certificate, whose subject has one organization",
      wayOut: "keep one, and bind what the others may do to the user",
    },
  ];
}
