import { subjectText } from "../../policies/rbac/words";
import type { ClusterReader, KubernetesObject } from "../../preflight/clusterReader";
import type { Identity } from "../checks/accessReview";
import type { Grant, Rule } from "../checks/rules";
import { objectsOf, type VerifyContext } from "./verifyContext";

/** @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-binding-v1/ */
interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Binding extends KubernetesObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

/** Somebody to whom the stack gives rights: what it says that he may, and what the cluster's bindings say. */
export interface Holder {
  /** `ServiceAccount farm/ponos-agent` */
  readonly text: string;
  /** Where he is at home; absent for users and groups. */
  readonly namespace?: string;
  readonly identity: Identity;
  /** Whether the stack made him: what others give to a group, or to a ServiceAccount of theirs, is their affair. */
  readonly ours: boolean;
  readonly declared: readonly Grant[];
  readonly live: readonly Grant[];
}

const RBAC = "/apis/rbac.authorization.k8s.io/v1";

/** Everybody whom a binding of the stack's state names. */
export async function holdersOf(context: Pick<VerifyContext, "deployment">, reader: ClusterReader): Promise<readonly Holder[]> {
  const declared = objectsOf(context, "RoleBinding", "ClusterRoleBinding").map(({ object }) => object as unknown as Binding);
  const live = await liveBindings(reader);
  const roles = new RoleRules(context, reader);
  const subjects = new Map(
    declared.flatMap(({ subjects: named = [] }) => named.map((subject) => [subjectText(subject), subject] as const)),
  );
  return Promise.all(
    [...subjects].map(async ([text, subject]) => ({
      text,
      namespace: subject.kind === "ServiceAccount" ? subject.namespace : undefined,
      identity: identityOf(subject),
      ours: isOurs(context, subject),
      declared: await grantsTo(subject, declared, (binding) => roles.declared(binding)),
      live: await grantsTo(subject, live, (binding) => roles.live(binding)),
    })),
  );
}

function isOurs(context: Pick<VerifyContext, "deployment">, { kind, name, namespace }: Subject): boolean {
  if (kind !== "ServiceAccount") return kind === "User";
  return objectsOf(context, kind).some((account) => account.name === name && account.namespace === namespace);
}

async function liveBindings(reader: ClusterReader): Promise<readonly Binding[]> {
  const lists = await Promise.all([reader.list(`${RBAC}/rolebindings`), reader.list(`${RBAC}/clusterrolebindings`)]);
  return lists.flat() as Binding[];
}

async function grantsTo(
  subject: Subject,
  bindings: readonly Binding[],
  rulesOf: (binding: Binding) => Promise<readonly Rule[]>,
): Promise<readonly Grant[]> {
  const naming = bindings.filter(({ subjects = [] }) => subjects.some((each) => subjectText(each) === subjectText(subject)));
  return Promise.all(
    naming.map(async (binding) => {
      const { name = "", namespace } = binding.metadata ?? {};
      const text = namespace === undefined ? `ClusterRoleBinding ${name}` : `RoleBinding ${namespace}/${name}`;
      return { rules: await rulesOf(binding), namespace, binding: text };
    }),
  );
}

/** What roles allow: by the state where they are the stack's, else by the cluster. */
class RoleRules {
  private readonly known = new Map<string, Promise<readonly Rule[]>>();

  constructor(
    private readonly context: Pick<VerifyContext, "deployment">,
    private readonly reader: ClusterReader,
  ) {}

  declared(binding: Binding): Promise<readonly Rule[]> {
    const { kind, name } = binding.roleRef;
    const own = objectsOf(this.context, kind).find(
      (role) => role.name === name && (kind === "ClusterRole" || role.namespace === binding.metadata?.namespace),
    );
    const { rules } = (own?.object ?? {}) as { readonly rules?: readonly Rule[] };
    return rules === undefined ? this.live(binding) : Promise.resolve(rules);
  }

  live({ roleRef: { kind, name }, metadata }: Binding): Promise<readonly Rule[]> {
    const path = kind === "ClusterRole" ? `${RBAC}/clusterroles/${name}` : `${RBAC}/namespaces/${metadata?.namespace ?? ""}/roles/${name}`;
    const known =
      this.known.get(path) ?? this.reader.find(path).then((role) => (role as { rules?: readonly Rule[] } | undefined)?.rules ?? []);
    this.known.set(path, known);
    return known;
  }
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/ */
function identityOf({ kind, name, namespace = "" }: Subject): Identity {
  if (kind === "Group") return { groups: [name] };
  if (kind === "User") return { user: name, groups: ["system:authenticated"] };
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  return { user: `system:serviceaccount:${namespace}:${name}`, groups };
}
