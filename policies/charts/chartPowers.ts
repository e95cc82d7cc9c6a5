import { type KubernetesType, kubernetesType } from "../../config/kubernetesType";
import { podTemplatePath } from "../../config/podTemplatePath";
import { type AccessRule, accessRules, rbacGroup } from "../rbac/accessRules";
import type { Reading } from "../reading";
import type { JudgedResource } from "../rule";

/** What each kind that gives power gives, as lines of single powers. */
const readers: Readonly<Record<string, (props: Reading) => readonly string[] | undefined>> = {
  [`${rbacGroup}/Role`]: rolePowers,
  [`${rbacGroup}/ClusterRole`]: rolePowers,
  [`${rbacGroup}/RoleBinding`]: bindingPowers,
  [`${rbacGroup}/ClusterRoleBinding`]: bindingPowers,
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": webhookPowers,
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": webhookPowers,
  "admissionregistration.k8s.io/MutatingAdmissionPolicy": () => ["change requests"],
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding": () => ["change requests"],
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": () => ["refuse requests"],
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": () => ["refuse requests"],
  "apiextensions.k8s.io/CustomResourceDefinition": conversionPowers,
  "apiregistration.k8s.io/APIService": () => ["serve an API"],
  "/Secret": tokenPowers,
};

/**
 * Everything that an object out of a chart may do or has done, one line for each verb, resource and name, so that two of them can be compared:
 * `get core/secrets`, `subject ServiceAccount cert-manager/cert-manager`, `run as cert-manager`, `intercept CREATE of core/pods`. What its containers
 * are, by image and arguments, is no line: mirrors and options are the stack's choice.
 * @returns undefined where the object gives no power to anybody
 */
export function chartPowers({ type, props }: Pick<JudgedResource, "type" | "props">): readonly string[] | undefined {
  const object = kubernetesType(type);
  if (object === undefined) return undefined;
  const hook = props.at("metadata", "annotations", "helm.sh/hook").text();
  const own = readers[`${object.group}/${object.kind}`]?.(props) ?? podPowers(object, props);
  return own === undefined && hook === undefined ? undefined : [...(own ?? []), ...(hook === undefined ? [] : [`run at ${hook}`])];
}

function rolePowers(role: Reading): readonly string[] {
  const labels = role.at("metadata", "labels").keys();
  const aggregated = labels.filter((label) => label.startsWith(`${rbacGroup}/aggregate-to-`));
  return [
    ...accessRules(role).flatMap(rulePowers),
    ...aggregated.map((label) => `add to ${label.slice(label.indexOf("-to-") + 4)}`),
    ...(role.at("aggregationRule").isPresent() ? ["take rules from other ClusterRoles"] : []),
  ];
}

function rulePowers({ apiGroups, resources, verbs, resourceNames = [], nonResourceURLs = [] }: AccessRule): readonly string[] {
  const names = resourceNames.length === 0 ? [""] : resourceNames.map((name) => ` ${name}`);
  const objects = apiGroups.flatMap((group) => resources.map((resource) => `${group === "" ? "core" : group}/${resource}`));
  return verbs.flatMap((verb) => [
    ...objects.flatMap((object) => names.map((name) => `${verb} ${object}${name}`)),
    ...nonResourceURLs.map((url) => `${verb} ${url}`),
  ]);
}

function bindingPowers(binding: Reading): readonly string[] {
  const [kind, name] = [binding.at("roleRef", "kind").text() ?? "", binding.at("roleRef", "name").text() ?? ""];
  const subjects = binding.at("subjects").items();
  return [`bind ${kind} ${name}`, ...subjects.map((subject) => `subject ${subjectText(subject)}`)];
}

function subjectText(subject: Reading): string {
  const place = ["namespace", "name"].flatMap((key) => subject.at(key).text() ?? []);
  return `${subject.at("kind").text() ?? ""} ${place.join("/")}`;
}

function webhookPowers(configuration: Reading): readonly string[] {
  return configuration
    .at("webhooks")
    .items()
    .flatMap((webhook) => {
      const rules = webhook.at("rules").items();
      return [...rules.flatMap(interceptions), ...recipients(webhook.at("clientConfig"))];
    });
}

/** Who is sent what a webhook is asked. */
function recipients(clientConfig: Reading): readonly string[] {
  const url = clientConfig.at("url").text();
  const service = ["namespace", "name"].flatMap((key) => clientConfig.at("service", key).text() ?? []);
  return [...(url === undefined ? [] : [`send requests to ${url}`]), ...(service.length === 0 ? [] : [`call ${service.join("/")}`])];
}

/** Who sees, and may change, every object of a kind. */
function conversionPowers(definition: Reading): readonly string[] | undefined {
  const webhook = definition.at("spec", "conversion", "webhook");
  return webhook.isPresent() ? ["convert objects", ...recipients(webhook.at("clientConfig"))] : undefined;
}

/** Secrets whose type makes them a credential. */
function tokenPowers(secret: Reading): readonly string[] | undefined {
  const type = secret.at("type").text();
  if (type === "bootstrap.kubernetes.io/token") return ["let nodes join"];
  const account = secret.at("metadata", "annotations", "kubernetes.io/service-account.name").text() ?? "";
  return type === "kubernetes.io/service-account-token" ? [`token of ${account}`] : undefined;
}

function interceptions(rule: Reading): readonly string[] {
  const [groups, resources] = [rule.at("apiGroups").texts(), rule.at("resources").texts()];
  const objects = groups.flatMap((group) => resources.map((resource) => `${group === "" ? "core" : group}/${resource}`));
  return rule
    .at("operations")
    .texts()
    .flatMap((operation) => objects.map((object) => `intercept ${operation} of ${object}`));
}

function podPowers(object: KubernetesType, props: Reading): readonly string[] | undefined {
  const path = podTemplatePath(object);
  if (path === undefined) return undefined;
  const spec = props.at(...path, "spec");
  const containers = ["initContainers", "containers"].flatMap((key) => spec.at(key).items());
  return [
    `run as ${spec.at("serviceAccountName").text() ?? "default"}`,
    ...containers.map((container) => `run container ${container.at("name").text() ?? ""}`),
  ];
}
