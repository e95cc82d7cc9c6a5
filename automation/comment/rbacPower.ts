import { textsAt } from "../valueAt";
import type { Right } from "./previewReport";

/** What one kind of access gives away: one of these verbs on one of these resources. */
interface Danger {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
  readonly score: number;
}

const writing = ["create", "update", "patch"];
const workloads = ["pods", "deployments", "statefulsets", "daemonsets", "replicasets", "replicationcontrollers", "jobs", "cronjobs"];

/** @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks */
const dangers: readonly Danger[] = [
  { verbs: ["escalate", "bind", "impersonate"], resources: ["*"], score: 80 },
  { verbs: ["get", "list", "watch"], resources: ["secrets"], score: 80 },
  { verbs: ["create"], resources: ["serviceaccounts/token"], score: 80 },
  { verbs: ["get", "create"], resources: ["pods/exec", "pods/attach", "pods/portforward", "nodes/proxy"], score: 80 },
  { verbs: ["update", "patch"], resources: ["pods/ephemeralcontainers", "certificatesigningrequests/approval"], score: 80 },
  { verbs: ["approve", "sign"], resources: ["signers"], score: 80 },
  { verbs: writing, resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"], score: 80 },
  { verbs: writing, resources: ["roles", "clusterroles", "rolebindings", "clusterrolebindings"], score: 60 },
  { verbs: writing, resources: [...workloads, "persistentvolumes"], score: 60 },
];

function meets(given: readonly string[], wanted: readonly string[]): boolean {
  return given.includes("*") || wanted.includes("*") || wanted.some((word) => given.includes(word));
}

function score(verbs: readonly string[], resources: readonly string[]): number {
  if (verbs.includes("*") && resources.includes("*")) return 100;
  return Math.max(
    0,
    ...dangers.filter((danger) => meets(verbs, danger.verbs) && meets(resources, danger.resources)).map((danger) => danger.score),
  );
}

const reading = ["get", "list", "watch"];
const changing = ["create", "update", "patch", "delete", "deletecollection"];

/** Verbs in words; whole sets of them have one. */
function verbText(verbs: readonly string[]): string {
  if (verbs.includes("*")) return "do everything with";
  const sets = [
    { word: "read", verbs: reading },
    { word: "change", verbs: changing },
  ].filter((set) => set.verbs.every((verb) => verbs.includes(verb)));
  const others = verbs.filter((verb) => !sets.some((set) => set.verbs.includes(verb)));
  return [...sets.map(({ word }) => word), ...others].join(", ");
}

function listed(words: readonly string[], all: string): string {
  return words.includes("*") ? all : words.join(", ");
}

/** What RBAC rules let a subject do, in words, each with how much it gives away. */
export function effectivePower(rules: readonly unknown[]): readonly Right[] {
  return rules.flatMap((rule) => {
    const [verbs, resources, names] = [textsAt(rule, "verbs"), textsAt(rule, "resources"), textsAt(rule, "resourceNames")];
    const verb = verbText(verbs);
    const urls = textsAt(rule, "nonResourceURLs").map((url) => ({ text: `${verb} the URL ${url}`, score: url === "*" ? 50 : 0 }));
    if (resources.length === 0) return urls;
    const groups = textsAt(rule, "apiGroups").filter((group) => group !== "");
    const what = `${listed(resources, "every resource")}${groups.length === 0 ? "" : ` of ${listed(groups, "every API group")}`}`;
    const only = names.length === 0 ? "" : ` named ${names.join(", ")}`;
    return [{ text: `${verb} ${what}${only}`, score: score(verbs, resources) }, ...urls];
  });
}
