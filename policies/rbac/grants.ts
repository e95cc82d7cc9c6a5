import type { Reading } from "../reading";
import type { JudgedResource } from "../rule";
import { objectName, objectNamespace, ofKind } from "../stackObjects";
import { type AccessRule, accessRules, rbacGroup } from "./accessRules";
import { clusterRoles } from "./clusterRoles";
import { subjectText } from "./words";

/** What of a resource tells of rights. */
export type RbacObject = Pick<JudgedResource, "type" | "props">;

/** Who gets which rights where, by one binding. */
export interface Grant<T extends RbacObject> {
  readonly binding: T;
  readonly roleKind: string;
  readonly roleName: string;
  /** Undefined where the stack does not have it. */
  readonly role: T | undefined;
  /** Undefined for every namespace. */
  readonly namespace: string | undefined;
  /** Subjects as people name them. */
  readonly subjects: readonly string[];
  /** Undefined where neither the stack nor what every cluster has says them. */
  readonly rules: readonly AccessRule[] | undefined;
}

function subjectOf(subject: Reading): string {
  const namespace = subject.at("namespace").text();
  const [kind, name] = [subject.at("kind").text() ?? "subject", subject.at("name").text() ?? unknownName];
  return subjectText({ kind, name, ...(namespace === undefined ? {} : { namespace }) });
}

const unknownName = "of a name that is not known yet";

function roleOf<T extends RbacObject>(kind: string, name: string, binding: T, resources: readonly T[]): T | undefined {
  return ofKind(resources, rbacGroup, kind).find(
    (each) => objectName(each) === name && (kind === "ClusterRole" || objectNamespace(each) === objectNamespace(binding)),
  );
}

/** A controller gathers the rules of a role that has none of its own. */
function rulesOf(kind: string, name: string, role: RbacObject | undefined): readonly AccessRule[] | undefined {
  if (role !== undefined && !role.props.at("rules").isAbsent()) return accessRules(role.props);
  return kind === "ClusterRole" ? clusterRoles[name] : undefined;
}

function grantOf<T extends RbacObject>(binding: T, resources: readonly T[]): Grant<T> {
  const [kind, name] = [binding.props.at("roleRef", "kind").text() ?? "", binding.props.at("roleRef", "name").text() ?? ""];
  const everywhere = ofKind([binding], rbacGroup, "ClusterRoleBinding").length > 0;
  const role = roleOf(kind, name, binding, resources);
  return {
    binding,
    roleKind: kind,
    roleName: name,
    role,
    namespace: everywhere ? undefined : (objectNamespace(binding) ?? unknownName),
    subjects: binding.props.at("subjects").items().map(subjectOf),
    rules: kind === "" || name === "" ? [] : rulesOf(kind, name, role),
  };
}

/** What the bindings of a stack grant. */
export function grants<T extends RbacObject>(resources: readonly T[]): readonly Grant<T>[] {
  return ofKind(resources, rbacGroup, "RoleBinding", "ClusterRoleBinding").map((binding) => grantOf(binding, resources));
}
