import type { Reading } from "../reading";
import type { StackResource } from "../rule";
import { objectName, objectNamespace, ofKind } from "../stackObjects";
import { accessRules, clusterRoles, rbacGroup } from "./accessRules";
import { effectivePower, type AccessRule, type Power, subjectText } from "./rbacPower";

/** Who gets which rights where, by one binding. */
export interface Grant {
  readonly binding: StackResource;
  readonly roleKind: string;
  readonly roleName: string;
  /** Undefined for every namespace. */
  readonly namespace: string | undefined;
  /** Subjects as people name them. */
  readonly subjects: readonly string[];
  /** Undefined where the role is neither in the stack nor one of every cluster. */
  readonly rules: readonly AccessRule[] | undefined;
}

function roleOf(binding: StackResource, resources: readonly StackResource[]): readonly AccessRule[] | undefined {
  const [kind, name] = [binding.props.at("roleRef", "kind").text(), binding.props.at("roleRef", "name").text()];
  if (kind === undefined || name === undefined) return [];
  const role = ofKind(resources, rbacGroup, kind).find(
    (each) => objectName(each) === name && (kind === "ClusterRole" || objectNamespace(each) === objectNamespace(binding)),
  );
  return role === undefined ? (kind === "ClusterRole" ? clusterRoles[name] : undefined) : accessRules(role.props);
}

function subjectOf(subject: Reading): string {
  const namespace = subject.at("namespace").text();
  const [kind, name] = [subject.at("kind").text() ?? "subject", subject.at("name").text() ?? "of a name that is not known yet"];
  return subjectText({ kind, name, ...(namespace === undefined ? {} : { namespace }) });
}

/** What the bindings of a stack grant. */
export function grants(resources: readonly StackResource[]): readonly Grant[] {
  return ofKind(resources, rbacGroup, "RoleBinding", "ClusterRoleBinding").map((binding) => ({
    binding,
    roleKind: binding.props.at("roleRef", "kind").text() ?? "",
    roleName: binding.props.at("roleRef", "name").text() ?? "",
    namespace: binding.type.includes(":ClusterRoleBinding") ? undefined : (objectNamespace(binding) ?? "of a name that is not known yet"),
    subjects: binding.props.at("subjects").items().map(subjectOf),
    rules: roleOf(binding, resources),
  }));
}

/** What a grant lets its subjects do that scores at least so much. */
export function powerOf({ rules = [] }: Grant, atLeast: number): readonly Power[] {
  return effectivePower(rules).filter(({ score }) => score >= atLeast);
}
