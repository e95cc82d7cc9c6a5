import { isKind } from "../../config/kubernetesType";
import { own } from "../frameworks";
import { podTemplate } from "../podTemplates";
import type { Reading } from "../reading";
import type { StackFinding, StackResource, StackRule } from "../rule";
import { privateKeyType } from "./keys";

/** Outputs that are secrets, by the type of resource that makes them. */
const secretOutputs: Readonly<Record<string, readonly string[]>> = {
  [privateKeyType]: ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"],
  "random:index/randomPassword:RandomPassword": ["result"],
};

/** A place that anybody reads who may look at the cluster or the state. */
interface Sink {
  /** The property of the resource that it is in. */
  readonly property: string;
  readonly what: string;
  readonly reading: Reading;
  /** The annotations beside it, of which a checksum makes the same property depend on secrets too. */
  readonly annotations: Reading;
}

/** A checksum of a secret rolls pods; it gives nothing away. */
const digest = /checksum$|\/(config-)?hash$/;

function ofAnnotations(annotations: Reading, property: string): readonly Sink[] {
  return annotations
    .entries()
    .filter(([key]) => !digest.test(key))
    .map(([key, reading]) => ({ property, what: `the annotation ${key}`, reading, annotations }));
}

function ofPods(resource: StackResource): readonly Sink[] {
  const pod = podTemplate(resource);
  if (pod === undefined) return [];
  const property = resource.props.keys().includes("spec") ? "spec" : "template";
  const annotations = pod.metadata.at("annotations");
  const literals = pod.containers.flatMap(({ name, at }) => [
    ...at("env")
      .items()
      .map((item) => ({
        property,
        what: `the variable ${item.at("name").text() ?? ""} of container ${name}`,
        reading: item.at("value"),
        annotations,
      })),
    ...["command", "args"].map((key) => ({ property, what: `the ${key} of container ${name}`, reading: at(key), annotations })),
  ]);
  return [...literals, ...ofAnnotations(annotations, property)];
}

function sinks(resource: StackResource): readonly Sink[] {
  const { type, props } = resource;
  const annotations = props.at("metadata", "annotations");
  const own = ofAnnotations(annotations, "metadata");
  if (isKind(type, "", "ConfigMap"))
    return [...["data", "binaryData"].map((property) => ({ property, what: property, reading: props.at(property), annotations })), ...own];
  if (isKind(type, "helm.sh", "Release", "Chart"))
    return [{ property: "values", what: "the chart's values", reading: props.at("values"), annotations }];
  return [...ofPods(resource), ...own];
}

/** A Secret into which the cluster writes a ServiceAccount's token. */
function isTokenSecret({ type, props }: StackResource): boolean {
  return isKind(type, "", "Secret") && props.at("type").text() === "kubernetes.io/service-account-token";
}

function isSecretSource(resource: StackResource): boolean {
  return secretOutputs[resource.type] !== undefined || isTokenSecret(resource);
}

/** The secret texts of a resource that are known, in the clear and as a Secret's `data` has them. */
function texts({ type, props }: StackResource): readonly string[] {
  const known = (secretOutputs[type] ?? []).flatMap((property) => props.at(property).text() ?? []);
  const token = secretOutputs[type] === undefined ? [Buffer.from(props.at("data", "token").text() ?? "", "base64").toString()] : [];
  const long = [...known, ...token].filter((text) => text.length >= 8);
  return long.flatMap((text) => [text.trim(), Buffer.from(text).toString("base64")]);
}

function hasUnknownDigest(annotations: Reading): boolean {
  return annotations.isUnknown() || annotations.entries().some(([key, reading]) => digest.test(key) && reading.isUnknown());
}

/** What is unknown counts by what its property depends on, unless a checksum explains that; then the update judges it. */
function arrives({ reading, annotations }: Sink, source: StackResource, depends: boolean): boolean {
  const secrets = texts(source);
  return reading.leaves().some((leaf) => {
    const text = leaf.text();
    return text === undefined ? depends && !hasUnknownDigest(annotations) : secrets.some((secret) => text.includes(secret));
  });
}

function leaks(resource: StackResource, secretSources: readonly StackResource[]): readonly StackFinding[] {
  return sinks(resource).flatMap((sink) => {
    const from = secretSources.filter((source) => arrives(sink, source, resource.sources[sink.property]?.includes(source) ?? false));
    return from.map((source) => ({
      resource,
      message: `the secret of ${source.name} reaches ${sink.what}, which everybody reads who may look; keep it in a Secret`,
      value: { secrets: [source.name] },
    }));
  });
}

export const disallowSecretFlow: StackRule = {
  name: "disallow-secret-flow",
  title: "No private key, password or token of the stack reaches a ConfigMap, a variable, an argument, an annotation or a chart's values.",
  severity: "critical",
  level: "mandatory",
  frameworks: [own("secrets")],
  remediation: [
    "Put the value into a Secret, and mount that as a file.",
    "What was written into a state or an object is known: make a new one.",
  ],
  scopes: ["secrets"],
  judgeStack: (resources) => {
    const secretSources = resources.filter(isSecretSource);
    return secretSources.length === 0 ? undefined : resources.flatMap((resource) => leaks(resource, secretSources));
  },
};
