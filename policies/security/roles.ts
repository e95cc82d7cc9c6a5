import { cis, nsa, own } from "../frameworks";
import { isKind } from "../../config/kubernetesType";
import { type AccessRule, accessRules, rbacGroup } from "../rbac/accessRules";
import { scopeText } from "../rbac/words";
import type { Finding, ResourceRule } from "../rule";

const parts = ["apiGroups", "resources", "verbs", "nonResourceURLs"] as const;

function wildcards(rule: AccessRule): readonly Finding[] {
  return parts.flatMap((part) =>
    (rule[part] ?? [])
      .filter((text) => text === "*" || text === "*/*" || (part === "resources" && text.startsWith("*/")))
      .map((text) => ({ message: `${part} has ${text} (${ruleText(rule)}); name what is needed`, value: { parts: [part] } })),
  );
}

function ruleText({ verbs, resources, nonResourceURLs = [] }: AccessRule): string {
  return `${verbs.join(", ")} on ${[...resources, ...nonResourceURLs].join(", ")}`;
}

export const disallowWildcardRights: ResourceRule = {
  name: "disallow-wildcard-rights",
  title: "Roles name API groups, resources, verbs and paths, none of them by *.",
  severity: "high",
  level: "mandatory",
  frameworks: [cis("5.1.3"), nsa("C-0187")],
  remediation: ["Write the verbs and resources that the program uses; its documentation or an audit log names them."],
  scopes: ["parts"],
  judge: ({ type, props }) => (isKind(type, rbacGroup, "Role", "ClusterRole") ? accessRules(props).flatMap(wildcards) : undefined),
};

const escalating = ["escalate", "bind", "impersonate"];

export const disallowEscalation: ResourceRule = {
  name: "disallow-escalation",
  title: "No role has the verbs escalate, bind or impersonate.",
  severity: "critical",
  level: "mandatory",
  frameworks: [cis("5.1.8"), nsa("C-0065")],
  remediation: ["Remove the verb.", "Where a program must bind a role, name that role in resourceNames and write an exception."],
  scopes: ["verbs"],
  judge: ({ type, props }) => {
    if (!isKind(type, rbacGroup, "Role", "ClusterRole")) return undefined;
    return accessRules(props).flatMap(({ verbs, resources }) =>
      escalating
        .filter((verb) => verbs.includes(verb))
        .map((verb) => ({ message: `has the verb ${verb} on ${resources.join(", ")}; no role may`, value: { verbs: [verb] } })),
    );
  },
};

export const disallowAggregatedRoles: ResourceRule = {
  name: "disallow-aggregated-roles",
  title: "ClusterRoles say themselves what they allow.",
  severity: "medium",
  level: "advisory",
  frameworks: [own("access")],
  remediation: ["Write the rules instead of aggregationRule: what a controller fills in, nobody reviews."],
  judge: ({ type, props }) => {
    if (!isKind(type, rbacGroup, "ClusterRole")) return undefined;
    if (!props.at("aggregationRule").isPresent()) return [];
    return [{ message: "is filled by a controller from other ClusterRoles (aggregationRule); write its rules" }];
  },
};

const powerfulGroups = ["system:masters", "system:unauthenticated", "system:anonymous"];

export const disallowAdministratorBindings: ResourceRule = {
  name: "disallow-administrator-bindings",
  title: "Nobody is bound to cluster-admin, to admin in all namespaces, or by a group that nobody controls.",
  severity: "critical",
  level: "mandatory",
  frameworks: [cis("5.1.1"), cis("5.1.7"), nsa("C-0035")],
  remediation: ["Bind a role that allows only what is needed."],
  scopes: ["names"],
  judge: ({ type, props }) => {
    if (!isKind(type, rbacGroup, "RoleBinding", "ClusterRoleBinding")) return undefined;
    const role = props.at("roleRef", "name").text() ?? "";
    const everywhere = isKind(type, rbacGroup, "ClusterRoleBinding");
    const administrator = role === "cluster-admin" || (role === "admin" && everywhere);
    const subjects = props
      .at("subjects")
      .items()
      .flatMap((subject) => subject.at("name").text() ?? []);
    return [
      ...(administrator
        ? [
            {
              message: `binds ${role}${everywhere ? ` ${scopeText(undefined)}` : ""}; bind a role of what is needed`,
              value: { names: [role] },
            },
          ]
        : []),
      ...subjects
        .filter((name) => powerfulGroups.includes(name))
        .map((name) => ({ message: `binds ${name}; name a subject that somebody controls`, value: { names: [name] } })),
    ];
  },
};

const nameable = ["get", "update", "patch", "delete"];

export const requireResourceNames: ResourceRule = {
  name: "require-resource-names",
  title: "Where a role touches Secrets, it names them.",
  severity: "medium",
  level: "advisory",
  frameworks: [cis("5.1.2"), own("access")],
  remediation: ["Write resourceNames with the names of the Secrets.", "Mount a Secret instead of reading it through the API."],
  judge: ({ type, props }) => {
    if (!isKind(type, rbacGroup, "Role", "ClusterRole")) return undefined;
    return accessRules(props).flatMap(({ resources, verbs, resourceNames = [] }) => {
      const used = nameable.filter((verb) => verbs.includes(verb));
      if (!resources.includes("secrets") || used.length === 0 || resourceNames.length > 0) return [];
      return [{ message: `may ${used.join(", ")} any Secret; name them in resourceNames` }];
    });
  },
};

export const roleRules = [
  disallowWildcardRights,
  disallowEscalation,
  disallowAggregatedRoles,
  disallowAdministratorBindings,
  requireResourceNames,
];
