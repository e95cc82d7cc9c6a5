import { credentialProblems } from "./plexusCredentialRules";
import type { Contradiction } from "./problem";
import { containerLimits } from "./plexusTenant";
import type { GivenTenant } from "./plexusTenantSchema";
import { amountOf } from "./quantity";

/** A tenant without the values that were refused. */
export type ReadableTenant = Partial<GivenTenant>;

/** Namespaces that are Kubernetes' own, or nobody's in particular. */
const RESERVED = /^(default|kube-.*)$/;

/** What contradicts itself in the tenants, and between them; `taken` are the namespaces of the stack's systems, by what has them. */
export function tenantProblems(tenants: readonly ReadableTenant[], taken: ReadonlyMap<string, string>): Contradiction[] {
  const each = tenants.flatMap((tenant, index) => {
    const path = `plexus.tenants[${index}]`;
    return [...namespaceProblems(path, tenant, taken), ...identityProblems(path, tenant), ...limitProblems(path, tenant)];
  });
  return [...sharedProblems(tenants), ...each];
}

interface Claim {
  readonly value: string;
  readonly path: string;
}

/** What only one tenant may have. */
function sharedProblems(tenants: readonly ReadableTenant[]): Contradiction[] {
  const named = claims(tenants, ({ name }) => ({ name }));
  const users = claims(tenants, ({ name, user }) => (user === undefined ? { name } : { user }));
  const namespaces = claims(tenants, ({ name, namespaces }) =>
    namespaces === undefined ? { name } : Object.fromEntries(namespaces.map((namespace, at) => [`namespaces[${at}]`, namespace])),
  );
  return [
    ...repetitions(named).map(repeated("a name that no other tenant has: objects of the cluster are named after it")),
    ...beyondNames(users).map(repeated("a user that no other tenant has: RBAC would give each of them the rights of both")),
    ...beyondNames(namespaces).map(repeated("a namespace that no other tenant has, once: whoever is in it reads its Secrets")),
  ];
}

function claims(
  tenants: readonly ReadableTenant[],
  pick: (tenant: ReadableTenant) => Readonly<Record<string, string | undefined>>,
): Claim[] {
  return tenants.flatMap((tenant, index) =>
    Object.entries(pick(tenant)).flatMap(([key, value]) =>
      value === undefined ? [] : [{ value, path: `plexus.tenants[${index}].${key}` }],
    ),
  );
}

/** Each claim to what an earlier one has, with that one. */
function repetitions(all: readonly Claim[]): (readonly [Claim, Claim])[] {
  return all.flatMap((claim, index) => {
    const first = all.slice(0, index).find(({ value }) => value === claim.value);
    return first === undefined ? [] : [[claim, first] as const];
  });
}

/** Without defaults that come from one name, which is told already. */
function beyondNames(all: readonly Claim[]): (readonly [Claim, Claim])[] {
  return repetitions(all).filter((pair) => !pair.every(({ path }) => path.endsWith(".name")));
}

function repeated(allowed: string) {
  return ([{ value, path }, first]: readonly [Claim, Claim]): Contradiction => {
    const found = `${JSON.stringify(value)}, which is ${first.path} too`;
    return { path, reads: [path, first.path], found, allowed, wayOut: "choose another one for one of them" };
  };
}

function namespaceProblems(path: string, { name, namespaces }: ReadableTenant, taken: ReadonlyMap<string, string>): Contradiction[] {
  const own = namespaces?.map((value, at) => ({ value, path: `${path}.namespaces[${at}]` })) ?? [];
  const all: Claim[] = namespaces === undefined && name !== undefined ? [{ value: name, path: `${path}.name` }] : own;
  return all.flatMap(({ value, path: at }) => {
    const owner = RESERVED.test(value) ? "Kubernetes" : taken.get(value);
    if (owner === undefined) return [];
    const allowed = "a namespace for the tenant alone: in it he may make pods and read every Secret";
    const wayOut = namespaces === undefined ? "choose another name, or set namespaces" : "choose another name";
    return [{ path: at, reads: [at], found: `${JSON.stringify(value)}, which belongs to ${owner}`, allowed, wayOut }];
  });
}

function identityProblems(path: string, { name, user = name, groups = [], credential }: ReadableTenant): Contradiction[] {
  return user === undefined || credential === undefined ? [] : credentialProblems(path, { user, groups, credential });
}

/** @see https://kubernetes.io/docs/concepts/policy/limit-range/ */
function limitProblems(path: string, { limits }: ReadableTenant): Contradiction[] {
  const { defaultRequest, default: limit, max } = containerLimits(limits);
  const above = (low: string, lower: typeof limit, high: string, higher: typeof limit): Contradiction[] =>
    Object.entries(lower).flatMap(([resource, amount]) => {
      const bound = higher[resource];
      if (bound === undefined || amountOf(amount) <= amountOf(bound)) return [];
      const at = `${path}.limits.${low}`;
      const found = `${resource}: ${amount}, and limits.${high} has ${bound}`;
      const allowed = `at most what limits.${high} has: the API server refuses the LimitRange otherwise`;
      return [{ path: at, reads: [`${path}.limits`], found, allowed, wayOut: `set limits.${low} and limits.${high} to amounts that fit` }];
    });
  return [
    ...above("defaultRequest", defaultRequest, "default", limit),
    ...above("default", limit, "max", max),
    ...above("defaultRequest", defaultRequest, "max", max),
  ];
}
