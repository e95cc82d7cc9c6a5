import { cis, nsa } from "../frameworks";
import { podTemplate } from "../podTemplates";
import type { Reading } from "../reading";
import type { StackFinding, StackResource, StackRule } from "../rule";
import { objectName, objectNamespace, ofKind } from "../stackObjects";

const separator = "/";

/** ServiceAccounts that bindings of the stack give rights to, as `NAMESPACE/NAME`; undefined stands for one that is not known yet. */
function boundAccounts(resources: readonly StackResource[]): ReadonlySet<string | undefined> {
  const subjects = ofKind(resources, "rbac.authorization.k8s.io", "RoleBinding", "ClusterRoleBinding").flatMap((binding) =>
    binding.props
      .at("subjects")
      .items()
      .filter((subject) => !subject.at("kind").differsFrom("ServiceAccount"))
      .map((subject) => account(subject, objectNamespace(binding))),
  );
  return new Set(subjects);
}

function account(subject: Reading, own: string | undefined): string | undefined {
  const [name, namespace] = [subject.at("name").text(), subject.at("namespace")];
  const place = namespace.isAbsent() ? own : namespace.text();
  return name === undefined || place === undefined ? undefined : [place, name].join(separator);
}

/** ServiceAccounts of the stack that hand out no token by themselves. */
function silentAccounts(resources: readonly StackResource[]): ReadonlySet<string> {
  const silent = ofKind(resources, "", "ServiceAccount").filter(({ props }) => props.at("automountServiceAccountToken").flag() === false);
  return new Set(silent.map((resource) => [objectNamespace(resource) ?? "", objectName(resource) ?? ""].join(separator)));
}

function judgeWorkload(
  resource: StackResource,
  bound: ReadonlySet<string | undefined>,
  silent: ReadonlySet<string>,
): readonly StackFinding[] {
  const pod = podTemplate(resource);
  const mounts = pod?.spec.at("automountServiceAccountToken");
  if (pod === undefined || mounts === undefined || pod.partial || mounts.isUnknown() || mounts.flag() === false) return [];
  const name = pod.spec.at("serviceAccountName").or(pod.spec.at("serviceAccount"));
  const [namespace, account] = [objectNamespace(resource), name.isAbsent() ? "default" : name.text()];
  if (namespace === undefined || account === undefined) return [];
  const key = [namespace, account].join(separator);
  if (account !== "default" && (bound.has(key) || bound.has(undefined))) return [];
  if (silent.has(key) && mounts.flag() === undefined) return [];
  const message = `pods mount the token of ServiceAccount ${account}, ${account === "default" ? "which is everybody's" : "to which the stack gives no right"}; automountServiceAccountToken must be false`;
  return [{ resource, message, value: { accounts: [account] } }];
}

export const disallowUnusedTokens: StackRule = {
  name: "disallow-unused-tokens",
  title: "Pods mount a ServiceAccount's token only where the stack gives that account rights; never that of default.",
  severity: "high",
  level: "mandatory",
  frameworks: [cis("5.1.5"), cis("5.1.6"), nsa("C-0034")],
  remediation: [
    "Write automountServiceAccountToken: false.",
    "Where the pods talk to the API, give them an account of their own, with a Role.",
  ],
  scopes: ["accounts"],
  judgeStack: (resources) => {
    const workloads = resources.filter((resource) => podTemplate(resource) !== undefined);
    const [bound, silent] = [boundAccounts(resources), silentAccounts(resources)];
    return workloads.length === 0 ? undefined : workloads.flatMap((resource) => judgeWorkload(resource, bound, silent));
  },
};
