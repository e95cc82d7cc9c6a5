import { type Access, accessList } from "../checks/accessReview";
import { type Check, failed, type Finding, ok, warning } from "../checks/check";
import { type Holder, holdersOf } from "./grants";
import { accessesOf, gives } from "../checks/rules";
import type { VerifyContext } from "./verifyContext";

/** With each of these in a namespace, somebody gets at everything in it. */
const powersInNamespace: readonly (readonly [string, string, string])[] = [
  ["get", "", "secrets"],
  ["list", "", "secrets"],
  ["create", "", "pods"],
  ["create", "", "pods/exec"],
  ["create", "", "pods/attach"],
  ["update", "", "pods/ephemeralcontainers"],
  ["create", "", "serviceaccounts/token"],
  ["impersonate", "", "serviceaccounts"],
  ["create", "apps", "deployments"],
  ["create", "batch", "jobs"],
  ["create", "rbac.authorization.k8s.io", "rolebindings"],
  ["escalate", "rbac.authorization.k8s.io", "roles"],
  ["bind", "rbac.authorization.k8s.io", "roles"],
  ["*", "*", "*"],
];

/** With each of these, at everything in the cluster. */
const powersInCluster: typeof powersInNamespace = [
  ["impersonate", "", "users"],
  ["impersonate", "", "groups"],
  ["create", "rbac.authorization.k8s.io", "clusterrolebindings"],
  ["escalate", "rbac.authorization.k8s.io", "clusterroles"],
  ["bind", "rbac.authorization.k8s.io", "clusterroles"],
  ["update", "certificates.k8s.io", "certificatesigningrequests/approval"],
  ["get", "", "nodes/proxy"],
  ["patch", "", "nodes"],
  ["create", "", "persistentvolumes"],
  ["create", "admissionregistration.k8s.io", "mutatingwebhookconfigurations"],
];

/** Where a right that nobody declared is looked for beside the namespaces that a subject has to do with. */
const SYSTEM = "kube-system";

/** Everything powerful that the holder's declared grants do not give, where he has to do with and in all the cluster. */
function undeclaredPowers({ declared, namespace }: Holder): readonly Access[] {
  const own = [...declared.map((grant) => grant.namespace), namespace].filter((each) => each !== undefined);
  const places = [undefined, ...new Set([...own, SYSTEM])];
  const inNamespaces = places.flatMap((place) =>
    powersInNamespace.map(([verb, group, resource]) => ({ verb, group, resource, namespace: place })),
  );
  const inCluster = powersInCluster.map(([verb, group, resource]) => ({ verb, group, resource }));
  return [...inNamespaces, ...inCluster].filter((access) => !declared.some((grant) => gives(grant, access)));
}

function missing({ text, declared }: Holder, denied: readonly Access[]): Finding[] {
  const sources = declared.filter((grant) => denied.some((access) => gives(grant, access))).map(({ binding }) => binding);
  const wayOut = `see whether ${[...new Set(sources)].join(", ")} and the role in it are as the stack made them: npm run refresh, then npm run up`;
  return denied.length === 0 ? [] : [failed(text, `may not, though it was declared: ${accessList(denied)}`, wayOut)];
}

function namespaceAndName(text: string): readonly [string | undefined, string] {
  const [namespace, name] = text.split("/");
  return name === undefined ? [undefined, text] : [namespace, name];
}

/** What the cluster's bindings give a holder beyond what was declared, binding by binding. */
function extra({ text, ours, declared, live }: Holder): Finding[] {
  return live.flatMap((grant) => {
    const more = accessesOf(grant).filter((access) => !declared.some((each) => gives(each, access)));
    const [kind = "", name = ""] = grant.binding.split(" ");
    const [namespace, own] = namespaceAndName(name);
    const command = `kubectl delete ${kind.toLowerCase()} ${namespace === undefined ? "" : `-n ${namespace} `}${own}`;
    const wayOut = `take the right away (${command}, or npm run refresh and npm run up where the stack made it), or declare it in the program`;
    return more.length === 0
      ? []
      : [(ours ? failed : warning)(text, `${grant.binding} gives what nobody declared: ${accessList(more)}`, wayOut)];
  });
}

function unexplained({ text, ours, live }: Holder, allowed: readonly Access[]): Finding[] {
  const rest = allowed.filter((access) => !live.some((grant) => gives(grant, access)));
  const wayOut =
    "look for a binding to a group that it is in, or another authorizer: kubectl get clusterrolebindings,rolebindings -A -o wide";
  return rest.length === 0 ? [] : [(ours ? failed : warning)(text, `may what nobody declared: ${accessList(rest)}`, wayOut)];
}

async function findingsOf(holder: Holder, { reviews }: VerifyContext): Promise<readonly Finding[]> {
  const [rights, powers] = [holder.declared.flatMap(accessesOf), undeclaredPowers(holder)];
  const [held, taken] = [await reviews.allowedTo(holder.identity, rights), await reviews.allowedTo(holder.identity, powers)];
  const denied = rights.filter((access) => !held.includes(access));
  const faults = [...missing(holder, denied), ...extra(holder), ...unexplained(holder, taken)];
  if (faults.length > 0) return faults;
  return [ok(holder.text, `declared rights: ${rights.length}, all held; powers that nobody declared: ${powers.length}, all denied`)];
}

/** `auth can-i` of everybody to whom the stack gives rights, both ways: all that was declared, and nothing else. */
export const rightsCheck: Check<VerifyContext> = {
  name: "rights",
  async run(context, signal) {
    const found: Finding[] = [];
    // one after the other: each asks some hundred questions side by side
    for (const holder of await holdersOf(context, await context.open(signal))) found.push(...(await findingsOf(holder, context)));
    return found;
  },
};
