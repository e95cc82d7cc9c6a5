import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { projectRoot } from "../../local/paths";
import { kubernetesType } from "../../config/kubernetesType";
import type { PlainStackResource } from "../../policies/judgement";
import { selfSignedRoot } from "../certificates";
import { deploy, type Outputs, type Registered } from "../deployment";
import { platformOutputs } from "../platformOutputs";

export type Sections = Record<string, Record<string, unknown>>;

/** A stack's configuration as it is shipped, on a cluster that nobody asks. */
export function shippedSections(stack: string): Sections {
  const { config } = parse(fs.readFileSync(path.join(projectRoot, `Pulumi.${stack}.yaml`), "utf8")) as { config: Sections };
  return { ...config, "trustplane:cluster": { identifier: stack, preflight: false, kubeconfig: kubeconfig() } };
}

/** Tenants' kubeconfigs are made of the address in it. */
function kubeconfig(): string {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "shipped-")), "kubeconfig");
  const named = (key: string, value: object): object => ({ name: "lab", [key]: value });
  const clusters = [named("cluster", { server: "https://192.0.2.1:6443", "certificate-authority-data": "LS0t" })];
  const rest = { users: [named("user", {})], contexts: [named("context", { cluster: "lab", user: "lab" })], "current-context": "lab" };
  fs.writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "Config", clusters, ...rest }));
  return file;
}

const token = Buffer.from("eyJhbGciOi.token-of-a-service-account").toString("base64");

/** What the providers make that must not get about; the same for all of a type, so that it is found wherever it goes. */
const secrets: Outputs = {
  "tls:index/privateKey:PrivateKey": () => ({ privateKeyPem: "the stack's private key" }),
  "random:index/randomPassword:RandomPassword": () => ({ result: "correct-horse-battery" }),
  "kubernetes:core/v1:Secret": ({ type, data }) =>
    type === "kubernetes.io/service-account-token" ? { data: { ...(data as object), token } } : {},
};

/** Every type is known, since all that is asked is what the program registers. */
function outputs(pem: string): Outputs {
  const client = { certificate: "CERTIFICATE", expiry: "2027-01-01T00:00:00Z" };
  const known = { ...platformOutputs(pem), ...secrets, "pulumi-nodejs:dynamic/plexus:ClientCertificate": () => client };
  return new Proxy(known, { get: (all: Outputs, type: string) => all[type] ?? ((): Record<string, unknown> => ({})) });
}

/** As the provider's Check leaves inputs: with a name. */
function checked({ type, name, inputs }: Registered): Record<string, unknown> {
  const metadata = (inputs["metadata"] ?? {}) as { readonly name?: string; readonly annotations?: object };
  if (kubernetesType(type) === undefined || type.includes("helm.sh") || metadata.name !== undefined) return inputs;
  const annotations = { ...metadata.annotations, "pulumi.com/autonamed": "true" };
  return { ...inputs, metadata: { ...metadata, name: `${name}-1a2b3c4d`, annotations } };
}

/** What the program registers for a stack, as packs get it. @param sections by default as it is shipped */
export async function shippedResources(stack: string, sections = shippedSections(stack)): Promise<readonly PlainStackResource[]> {
  const values = Object.entries(sections).map(([key, section]) => [key, JSON.stringify(section)]);
  pulumi.runtime.setAllConfig(Object.fromEntries(values) as Record<string, string>);
  const { default: program } = (await import("../../index")) as unknown as { default: () => Promise<unknown> };
  const { resources } = await deploy(program, outputs(await selfSignedRoot("root")));
  return resources.map((each) => ({ ...each, props: { ...checked(each), ...secrets[each.type]?.(each.inputs) }, provider: "cluster" }));
}
