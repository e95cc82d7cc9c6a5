import { credentialIn, literalCredential } from "../credentials";
import { nsa, own } from "../frameworks";
import { isKind } from "../../config/kubernetesType";
import { type Container, podTemplate } from "../podTemplates";
import type { Reading } from "../reading";
import type { Finding, ResourceRule } from "../rule";

function found(where: string, name: string, kind: string | undefined, container?: string): readonly Finding[] {
  if (kind === undefined) return [];
  const message = `${where} ${name} is ${kind} in the clear; keep it in a Secret`;
  return [{ message, value: { names: [name] }, ...(container === undefined ? {} : { container }) }];
}

function ofContainer({ name, at }: Container): readonly Finding[] {
  const variables = at("env")
    .items()
    .flatMap((variable) => {
      const key = variable.at("name").text() ?? "";
      return found(`container ${name}'s variable`, key, literalCredential(key, variable.at("value").text()), name);
    });
  const args = [...at("command").items(), ...at("args").items()].flatMap((argument) => {
    const text = argument.text() ?? "";
    const [, flag = "", value = ""] = /^-*([\w.-]+)=(.*)$/s.exec(text) ?? [];
    const looks = credentialIn(text);
    const place = argument.path.split(".").slice(-2).join(".");
    return found(`container ${name}'s argument`, looks === undefined ? flag : place, looks ?? literalCredential(flag, value), name);
  });
  return [...variables, ...args];
}

function ofKeys(where: string, holder: Reading): readonly Finding[] {
  return holder.entries().flatMap(([key, value]) => found(where, key, literalCredential(key, value.text())));
}

function ofValues(values: Reading): readonly Finding[] {
  return values.leaves().flatMap((leaf) => {
    const path = leaf.path.slice(values.path.length + 1);
    return found("the chart's value", path, literalCredential(path.split(".").at(-1) ?? "", leaf.text()));
  });
}

export const disallowLiteralCredentials: ResourceRule = {
  name: "disallow-literal-credentials",
  title: "No password, token or private key stands in a variable, an argument, a ConfigMap, an annotation or a chart's values.",
  severity: "critical",
  level: "mandatory",
  frameworks: [nsa("C-0012"), own("secrets")],
  remediation: ["Take the value out, and change it: it was written down.", "Keep it in a Secret, and mount that as a file."],
  scopes: ["names"],
  judge: (resource) => {
    const { type, props } = resource;
    const annotations = ofKeys("annotation", props.at("metadata", "annotations"));
    if (isKind(type, "", "ConfigMap")) return [...ofKeys("key", props.at("data")), ...annotations];
    if (isKind(type, "helm.sh", "Release", "Chart")) return ofValues(props.at("values"));
    const pod = podTemplate(resource);
    return pod && [...pod.containers.flatMap(ofContainer), ...annotations];
  },
};
