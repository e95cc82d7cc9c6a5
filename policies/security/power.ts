import { cis, nsa } from "../frameworks";
import { effectivePower } from "../rbac/effectivePower";
import { type Grant, grants } from "../rbac/grants";
import { scopeText } from "../rbac/words";
import type { StackFinding, StackResource, StackRule } from "../rule";

/** Below this, what somebody can do is his business. */
const worthALook = 50;

function powers({ binding, subjects, namespace, rules = [] }: Grant<StackResource>): readonly StackFinding[] {
  const scope = scopeText(namespace === undefined ? undefined : [namespace]);
  const held = effectivePower(rules).filter(({ score }) => score >= worthALook);
  return subjects.flatMap((subject) =>
    held.map(({ text }) => ({ resource: binding, message: `${subject} may ${text} ${scope}`, value: { rights: [text] } })),
  );
}

const powerFrameworks = [
  cis("5.1.2"),
  cis("5.1.4"),
  cis("5.1.9"),
  cis("5.1.10"),
  cis("5.1.11"),
  cis("5.1.12"),
  cis("5.1.13"),
  nsa("C-0002"),
  nsa("C-0015"),
];

export const limitClusterPower: StackRule = {
  name: "limit-cluster-power",
  title: "Nobody may take the cluster over: read all Secrets, make pods or tokens everywhere, approve certificates, change webhooks.",
  severity: "critical",
  level: "mandatory",
  frameworks: powerFrameworks,
  remediation: ["Give the right by a Role in the namespaces that need it.", "Limit it by resourceNames, or take it away."],
  scopes: ["rights"],
  judgeStack: (resources) => {
    const all = grants(resources).filter(({ namespace }) => namespace === undefined);
    return all.length === 0 ? undefined : all.flatMap(powers);
  },
};

export const limitNamespacePower: StackRule = {
  name: "limit-namespace-power",
  title: "Nobody may do in a namespace what gives him everything in it, unless that is meant.",
  severity: "medium",
  level: "advisory",
  frameworks: powerFrameworks,
  remediation: ["Limit the right by resourceNames, or take it away."],
  scopes: ["rights"],
  judgeStack: (resources) => {
    const all = grants(resources).filter(({ namespace }) => namespace !== undefined);
    return all.length === 0 ? undefined : all.flatMap(powers);
  },
};

export const powerRules = [limitClusterPower, limitNamespacePower];
