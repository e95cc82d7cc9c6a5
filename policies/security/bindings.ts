import type { PolicySettings } from "../../config/policies";
import { own } from "../frameworks";
import { accessRules, rbacGroup } from "../rbac/accessRules";
import { clusterRoles } from "../rbac/clusterRoles";
import { type Grant, grants } from "../rbac/grants";
import type { StackFinding, StackResource, StackRule } from "../rule";
import { objectName, objectNamespace, ofKind } from "../stackObjects";

const systemNames = /^system:/;

function subjectExists(
  subject: { kind: string; name: string; namespace: string },
  resources: readonly StackResource[],
  known: readonly string[],
): boolean {
  const { kind, name, namespace } = subject;
  if (kind !== "ServiceAccount" || known.includes(`${kind} ${name}`)) return true;
  return ofKind(resources, "", "ServiceAccount").some(
    (each) => objectName(each) === name && (objectNamespace(each) ?? namespace) === namespace,
  );
}

function dangling(
  grant: Grant<StackResource>,
  resources: readonly StackResource[],
  { existingSubjects }: PolicySettings,
): readonly StackFinding[] {
  const { binding, roleKind, roleName, role, rules } = grant;
  const roleKnown =
    role !== undefined || rules !== undefined || systemNames.test(roleName) || existingSubjects.includes(`${roleKind} ${roleName}`);
  const subjects = binding.props
    .at("subjects")
    .items()
    .flatMap((subject) => {
      const [kind, name] = [subject.at("kind").text(), subject.at("name").text()];
      const namespace = subject.at("namespace").text();
      return kind === undefined || name === undefined || namespace === undefined ? [] : [{ kind, name, namespace }];
    });
  const lost = subjects.filter((subject) => !subjectExists(subject, resources, existingSubjects));
  return [
    ...(roleKnown ? [] : [missing(binding, `${roleKind} ${roleName}`)]),
    ...lost.map(({ kind, name }) => missing(binding, `${kind} ${name}`)),
  ];
}

function missing(resource: StackResource, name: string): StackFinding {
  const message = `binds ${name}, which is not in this stack; whoever makes it gets the rights. Name it in trustplane:policies.existingSubjects if it is there`;
  return { resource, message, value: { names: [name] } };
}

export const disallowDanglingBindings: StackRule = {
  name: "disallow-dangling-bindings",
  title: "Bindings bind roles and ServiceAccounts that are there.",
  severity: "medium",
  level: "advisory",
  frameworks: [own("access")],
  remediation: ["Make role and ServiceAccount in the same stack, or name them in trustplane:policies.existingSubjects."],
  scopes: ["names"],
  judgeStack: (resources, settings) => {
    const all = grants(resources);
    return all.length === 0 ? undefined : all.flatMap((grant) => dangling(grant, resources, settings));
  },
};

/** Resources that no namespace has, or that concern all of them. */
const clusterResources =
  /^(nodes|namespaces|persistentvolumes|clusterroles|clusterrolebindings|storageclasses|csidrivers|csinodes|volumeattachments|customresourcedefinitions|certificatesigningrequests|priorityclasses|ingressclasses|runtimeclasses|tokenreviews|subjectaccessreviews|signers|clusterissuers|mutatingwebhookconfigurations|validatingwebhookconfigurations|users|groups|apiservices|\*)(\/|$)/;

export const disallowNeedlessClusterRoles: StackRule = {
  name: "disallow-needless-cluster-roles",
  title: "What is allowed in one namespace is allowed by a Role.",
  severity: "low",
  level: "advisory",
  frameworks: [own("access")],
  remediation: ["Make a Role in the namespace of the binding instead."],
  judgeStack: (resources) => {
    const roles = ofKind(resources, rbacGroup, "ClusterRole");
    const all = grants(resources).filter(({ roleKind }) => roleKind === "ClusterRole");
    return roles.length === 0 ? undefined : roles.flatMap((role) => needless(role, all));
  },
};

function needless(role: StackResource, all: readonly Grant<StackResource>[]): readonly StackFinding[] {
  const name = objectName(role);
  const uses = all.filter(({ roleName }) => name !== undefined && roleName === name && clusterRoles[roleName] === undefined);
  const places = new Set(uses.map(({ namespace }) => namespace));
  const [place] = places;
  const namespaced = accessRules(role.props).every(
    ({ resources, nonResourceURLs = [] }) => nonResourceURLs.length === 0 && !resources.some((each) => clusterResources.test(each)),
  );
  if (places.size !== 1 || place === undefined || !namespaced) return [];
  return [{ resource: role, message: `is bound in namespace ${place} alone; make it a Role there` }];
}

export const bindingRules = [disallowDanglingBindings, disallowNeedlessClusterRoles];
