import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../local/paths";
import { issuersNamed } from "../../preflight/issuerRules";
import { selfSignedRoot } from "../certificates";
import { deploy, type Outputs, type Registered } from "../deployment";
import { platformOutputs } from "../platformOutputs";
import { kubeconfigFor } from "./fakeApiServer";
import { readWith } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;
type Sections = Readonly<Record<string, Section>>;

const script = path.join(projectRoot, "local", "geocube", "create.sql");

/** A duration for each leaf, so that each Certificate tells from which key its own comes. */
const durations: Readonly<Record<string, Section>> = {
  ingressNginx: { certificate: { duration: "1001h" } },
  interlink: { certificate: { duration: "1002h" } },
  geocube: { tls: { duration: "1003h" }, database: { certificate: { duration: "1004h" } } },
  workers: { registry: { certificate: { duration: "1005h" } } },
};

function isSection(value: unknown): value is Section {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `changes` laid over `base`; what names a `type` replaces as a whole. */
function merged(base: Section, changes: Section): Section {
  const entries = Object.entries(changes).map(([key, value]) => {
    const old = base[key];
    return [key, isSection(old) && isSection(value) && !("type" in value) ? merged(old, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) } as Section;
}

describe("every leaf that the program has signed", () => {
  let folder: string;
  let outputs: Outputs;

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "leaves-"));
    fs.writeFileSync(
      path.join(folder, "kubeconfig"),
      kubeconfigFor("https://192.0.2.1:6443").replace('"insecure-skip-tls-verify":true', '"certificate-authority-data":"LS0t"'),
    );
    const token = Buffer.from("TOKEN").toString("base64");
    const client = { certificate: "CERTIFICATE", expiry: "2027-01-01T00:00:00Z" };
    const known = {
      ...platformOutputs(await selfSignedRoot("root")),
      "pulumi-nodejs:dynamic/plexus:ClientCertificate": () => client,
      "random:index/randomPassword:RandomPassword": () => ({ result: "PASSWORD" }),
      "kubernetes:core/v1:Secret": ({ type, data }: Section) =>
        type === "kubernetes.io/service-account-token" ? { data: { ...(data as object), token } } : {},
    };
    outputs = new Proxy(known, { get: (all: Outputs, type: string) => all[type] ?? ((): Section => ({})) });
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  function sections(stack: string, changes: Sections): Section {
    const file = fs.readFileSync(path.join(projectRoot, `Pulumi.${stack}.yaml`), "utf8");
    const { config } = parse(file) as { config: Section };
    const plain = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("trustplane:", ""), value]));
    const schema = { create: { file: script }, queue: { file: script } };
    const cluster = { identifier: "lab", kubeconfig: path.join(folder, "kubeconfig"), context: "lab-admin", preflight: false };
    const own = Object.fromEntries(Object.entries(durations).filter(([key]) => key in plain));
    const scripts = "geocube" in plain ? { geocube: { database: { schema } } } : {};
    return merged(merged(merged(plain, own), { cluster, ...scripts }), changes);
  }

  async function certificates(): Promise<readonly { readonly duration: string; readonly issuer: string }[]> {
    const { default: program } = await import("../../index");
    const { resources } = await deploy(program, outputs);
    const specs = resources.filter(({ type }) => type === "kubernetes:cert-manager.io/v1:Certificate").map(({ inputs }) => specOf(inputs));
    return specs.filter(({ isCA }) => isCA !== true).map(({ duration = "none", issuerRef }) => ({ duration, issuer: issuerRef.name }));
  }

  const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

  async function agree(stack: string, changes: Sections): Promise<void> {
    const config = await readWith(sections(stack, changes));
    const made = await certificates();
    const named = issuersNamed(config).map(({ name }) => name);
    const ours = made.filter(({ issuer }) => issuer.startsWith("trustplane-lab-ca-"));
    assert.deepEqual(sorted(config.leaves.map(({ duration }) => duration)), sorted(ours.map(({ duration }) => duration)), "leaves");
    const foreign = made.filter((each) => !ours.includes(each)).map(({ issuer }) => issuer);
    assert.deepEqual(sorted(named), sorted(foreign), "issuers");
  }

  const edge = (exposure: Section): Sections => ({ interlink: { exposure } });
  const cubes = (exposure: Section, enabled = true): Sections => ({
    geocube: { exposure, tls: { enabled }, allowedSources: ["192.0.2.0/24"] },
  });
  const registry = (exposure: Section, certificate: Section = {}): Sections => ({
    workers: { registry: { exposure, certificate } },
  });
  const host = { type: "ingress", host: "cubes.example.org" };
  const acme = { issuer: "acme" };
  const variants: readonly (readonly [string, string, Sections])[] = [
    ["dev as it is shipped", "dev", {}],
    ["prod as it is shipped", "prod", {}],
    ["an edge on node ports", "dev", edge({ type: "nodePort", port: 30_443 })],
    ["an edge on host ports", "dev", edge({ type: "hostPort", port: 61_443, nodeSelector: {} })],
    ["an edge of a named issuer", "prod", { interlink: { certificate: { issuer: { name: "acme" } } } }],
    ["cubes behind an ingress", "dev", cubes(host)],
    ["cubes behind an ingress, without TLS inside", "dev", cubes(host, false)],
    ["cubes without TLS", "dev", { geocube: { exposure: { type: "none" }, tls: { enabled: false } } }],
    ["cubes on node ports", "dev", cubes({ type: "nodePort", address: "192.0.2.9", port: 30_600 })],
    ["a registry behind an ingress", "dev", registry({ type: "ingress" })],
    ["a registry behind an ingress, of a named issuer", "dev", registry({ type: "ingress" }, acme)],
    ["a registry on a load balancer", "dev", registry({ type: "loadBalancer" })],
    ["a registry of a named issuer", "dev", registry({ type: "nodePort", port: 30_500 }, acme)],
    ["Datashim", "prod", { plexus: { datashim: { install: true, certificate: { duration: "1006h" } } } }],
  ];

  for (const [title, stack, changes] of variants)
    it(`is in the list that the rules and the preflight use: ${title}`, async () => {
      await agree(stack, changes);
    });
});

interface CertificateSpec {
  readonly isCA?: boolean;
  readonly duration?: string;
  readonly issuerRef: { readonly name: string };
}

function specOf({ spec }: Registered["inputs"]): CertificateSpec {
  return spec as CertificateSpec;
}
