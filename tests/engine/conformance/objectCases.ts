import * as k8s from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { metadata, type CaseContext, type CaseStep, type TestCase } from "./testCase";

/** RBAC, definitions and custom resources, certificate requests, and what the server refuses. */

const rule = (...verbs: string[]): k8s.types.input.rbac.v1.PolicyRule => ({ apiGroups: [""], resources: ["pods"], verbs });

const role: TestCase = {
  name: "role",
  steps: [[rule("get")], [rule("get", "list")], [rule("get", "list"), rule("watch")]].map((rules, index) => ({
    label: `rules ${(index + 1).toString()}`,
    program: (context) => new k8s.rbac.v1.Role("r", { metadata: metadata(context, "r"), rules }),
  })),
};

function bindings(label: string, name: string, count: number): CaseStep {
  const program = (context: CaseContext): void => {
    const { namespace } = context;
    const all = ["default", "other"].map((subject) => ({ kind: "ServiceAccount", name: subject, namespace }));
    const args = { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name }, subjects: all.slice(0, count) };
    new k8s.rbac.v1.RoleBinding("named", { metadata: metadata(context, "rb"), ...args });
    new k8s.rbac.v1.RoleBinding("auto", { metadata: { namespace }, ...args });
  };
  return { label, program };
}

const roleBinding: TestCase = {
  name: "rolebinding",
  steps: [bindings("create", "one", 1), bindings("subjects", "one", 2), bindings("roleRef", "two", 2)],
};

/** A request for the common name `plexus`, made once with OpenSSL. */
const certificateRequest =
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIZU1JR0VBZ0VBTUNJeER6QU5CZ05WQkFNTUJuQnNaWGgxY3pFUE1BMEdBMVVFQ2d3R2NHeGxlSFZ6TUZrdwpF" +
  "d1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRTNTc3FxdnhybFh2azdSaHZqOHFjaGpHdzlKR3VjZSs4CmZOZTI4c0tHQlRSUXNQaGY5SnhMTEFVaDBPVEx2UmlxblR4UlBLUHpT" +
  "ZDhyMk43S09OTCtXS0FBTUFvR0NDcUcKU000OUJBTUNBMGtBTUVZQ0lRQ1J2SkF3TDUrMWNOeDZFa2lEYjNQWTArREZ3eFJrMXRLbE1vRXB5dzdYc0FJaApBUE4zWi9CWTEranVWeFZZ" +
  "S0dIMENUWlpaMHBOcS93RTQwTlp3dFJlaDRLRwotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K";

function signingRequest(label: string, expirationSeconds: number): CaseStep {
  const spec = {
    request: certificateRequest,
    signerName: "kubernetes.io/kube-apiserver-client",
    expirationSeconds,
    usages: ["client auth"],
  };
  return { label, program: () => new k8s.certificates.v1.CertificateSigningRequest("csr", { metadata: { name: "c-csr" }, spec }) };
}

const signing: TestCase = {
  name: "csr",
  namespaced: false,
  steps: [signingRequest("create", 86400), signingRequest("no change", 86400), signingRequest("expirationSeconds", 43200)],
};

type Schema = k8s.types.input.apiextensions.v1.JSONSchemaProps;

function widgetSchema(extra: Record<string, Schema>): Schema {
  const spec = { size: { type: "integer" }, tags: { type: "array", items: { type: "string" } }, ...extra };
  const status = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return { type: "object", properties: { spec: { type: "object", properties: spec }, status } };
}

function widget(
  label: string,
  spec: Record<string, Input<unknown>>,
  extra: Record<string, Schema> = {},
  observe?: CaseStep["observe"],
): CaseStep {
  const program = (context: CaseContext): void => {
    const version = {
      name: "v1",
      served: true,
      storage: true,
      subresources: { status: {} },
      schema: { openAPIV3Schema: widgetSchema(extra) },
    };
    const names = { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" };
    const definition = new k8s.apiextensions.v1.CustomResourceDefinition("crd", {
      metadata: { name: "widgets.conf.example" },
      spec: { group: "conf.example", scope: "Namespaced", names, versions: [version] },
    });
    const args = { apiVersion: "conf.example/v1", kind: "Widget", metadata: metadata(context, "one"), spec };
    new k8s.apiextensions.CustomResource("cr", args, { dependsOn: definition });
  };
  return { label, program, observe };
}

const colour = { colour: { type: "string" } };
const customResource: TestCase = {
  name: "crd-cr",
  steps: [
    widget("create", { size: 1 }),
    widget("spec", { size: 2, tags: ["a"] }, {}, [["widgets", "one", "-n", "c-crd-cr"]]),
    widget("schema", { size: 2, tags: ["a"], colour: "red" }, colour),
    widget("invalid", { size: "big" }, colour),
    widget("unknown field", { size: 2, none: 1 }, colour),
    { label: "CRD removed too", program: () => undefined },
  ],
  cleanup: ({ kubectl }) => kubectl(["delete", "crd", "widgets.conf.example", "--ignore-not-found"]),
};

/** Inputs that the types forbid and a program in JavaScript could still give. */
function forbidden(args: object): never {
  return args as never;
}

function deployment(label: string, spec: object): CaseStep {
  const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "main", image: "nginx:1" }] } };
  const program = (context: CaseContext): void => {
    const args = { metadata: metadata(context, "d"), spec: { ...spec, template } };
    new k8s.apps.v1.Deployment("d", forbidden(args));
  };
  return { label, program };
}

function configMaps(label: string, ...maps: readonly (readonly [string, string, object])[]): CaseStep {
  const program = (context: CaseContext): void => {
    for (const [logicalName, name, content] of maps) {
      const args = { metadata: metadata(context, name), ...content };
      new k8s.core.v1.ConfigMap(logicalName, forbidden(args));
    }
  };
  return { label, program };
}

const invalid: TestCase = {
  name: "invalid",
  steps: [
    deployment("wrong type", { replicas: "many", selector: { matchLabels: { a: "b" } } }),
    deployment("field missing", { replicas: 1 }),
    deployment("selector does not match", { selector: { matchLabels: { a: "c" } } }),
    configMaps("unknown field", ["cm", "cm", { data: { a: "1" }, more: { b: "1" } }]),
    configMaps("bad name", ["bad", "Bad_Name", { data: {} }]),
    configMaps("number in data", ["num", "num", { data: { a: 1 } }]),
    configMaps("two errors", ["bad1", "Bad_1", { data: {} }], ["good", "good", { data: { a: "1" } }]),
  ],
};

export const objectCases: readonly TestCase[] = [role, roleBinding, signing, customResource, invalid];
