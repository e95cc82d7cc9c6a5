import * as k8s from "@pulumi/kubernetes";
import { metadata, type CaseContext, type CaseStep, type TestCase } from "./testCase";

type ConfigMapArgs = k8s.core.v1.ConfigMapArgs;
type SecretArgs = k8s.core.v1.SecretArgs;

/** ConfigMaps and Secrets: names, replacement, mutability. */

function configMap(label: string, namespace: string, args: ConfigMapArgs, provider?: k8s.ProviderArgs, observe = true): CaseStep {
  const program = ({ kubeconfig }: CaseContext): void => {
    const options = provider === undefined ? {} : { provider: new k8s.Provider("p", { kubeconfig, ...provider }) };
    new k8s.core.v1.ConfigMap("cm", args, options);
  };
  return { label, program, observe: observe ? [["configmap", "-n", namespace]] : undefined };
}

function autonamed(): TestCase {
  const namespace = "c-cm-autoname";
  const labels = { l: "1" };
  return {
    name: "cm-autoname",
    steps: [
      configMap("create", namespace, { metadata: { namespace }, data: { a: "1" } }),
      configMap("change data", namespace, { metadata: { namespace }, data: { a: "2" } }),
      configMap("no change", namespace, { metadata: { namespace }, data: { a: "2" } }, undefined, false),
      configMap("label", namespace, { metadata: { namespace, labels }, data: { a: "2" } }),
      configMap("give a name", namespace, { metadata: { name: "named", namespace, labels }, data: { a: "2" } }),
    ],
  };
}

function immutable(): TestCase {
  const namespace = "c-cm-immutable";
  const fixed = { name: "fixed", namespace };
  return {
    name: "cm-immutable",
    steps: [
      configMap("create", namespace, { metadata: fixed, data: { a: "1" }, immutable: true }),
      configMap("change data", namespace, { metadata: fixed, data: { a: "2" }, immutable: true }),
      configMap("not immutable", namespace, { metadata: fixed, data: { a: "2" } }, undefined, false),
    ],
  };
}

function mutable(): TestCase {
  const namespace = "c-cm-mutable";
  const named = { name: "named", namespace };
  const provider = { enableConfigMapMutable: true };
  return {
    name: "cm-mutable",
    steps: [
      configMap("create", namespace, { metadata: named, data: { a: "1" } }, provider, false),
      configMap("change data", namespace, { metadata: named, data: { a: "2" } }, provider),
      configMap("immutable", namespace, { metadata: named, data: { a: "2" }, immutable: true }, provider, false),
      configMap("change data of the immutable", namespace, { metadata: named, data: { a: "3" }, immutable: true }, provider, false),
    ],
  };
}

function clientSide(): TestCase {
  const namespace = "c-cm-client-side";
  const provider = { enableServerSideApply: false };
  return {
    name: "cm-client-side",
    steps: [
      configMap("create", namespace, { metadata: { name: "named", namespace }, data: { a: "1" } }, provider),
      configMap("label", namespace, { metadata: { name: "named", namespace, labels: { l: "1" } }, data: { a: "1" } }, provider),
    ],
  };
}

function secret(label: string, args: Omit<SecretArgs, "metadata">, observe: boolean): CaseStep {
  return {
    label,
    program: (context) => new k8s.core.v1.Secret("s", { metadata: metadata(context, "s"), ...args }),
    observe: observe ? [["secret", "s", "-n", "c-secret-stringdata"]] : undefined,
  };
}

const stringData: TestCase = {
  name: "secret-stringdata",
  steps: [
    secret("create", { stringData: { user: "a", pass: "b" } }, true),
    secret("change", { stringData: { user: "a", pass: "c" } }, true),
    secret("remove a key", { stringData: { user: "a" } }, true),
    secret("as data", { data: { user: "YQ==" } }, false),
    secret("type", { data: { user: "YQ==" }, type: "example.com/t" }, false),
  ],
};

export const dataCases: readonly TestCase[] = [autonamed(), immutable(), mutable(), clientSide(), stringData];
