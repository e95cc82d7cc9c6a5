import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { certificateAuthority, selfSignedRoot } from "../certificates";
import { deploy } from "../deployment";
import { platformOutputs } from "../platformOutputs";

type Section = Readonly<Record<string, unknown>>;

const cluster = { identifier: "lab", preflight: false };

/** Runs the whole program with this configuration; it must refuse before it registers anything. */
async function refusal(sections: Readonly<Record<string, Section>>, secrets: Readonly<Record<string, string>> = {}): Promise<string> {
  const values = Object.entries({ cluster, ...sections }).map(([name, section]) => [`trustplane:${name}`, JSON.stringify(section)]);
  const plain = Object.entries(secrets).map(([name, value]) => [`trustplane:${name}`, value]);
  pulumi.runtime.setAllConfig(
    Object.fromEntries([...values, ...plain]) as Record<string, string>,
    Object.keys(secrets).map((name) => `trustplane:${name}`),
  );
  const { default: program } = (await import("../../index")) as unknown as { default: () => Promise<unknown> };
  const { resources, result } = await deploy(async () => {
    try {
      await program();
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  }, platformOutputs(""));
  assert.deepEqual(
    resources.map(({ name }) => name),
    [],
    "resources that were registered all the same",
  );
  assert.notEqual(result, "", "the program accepted it");
  return result;
}

function holds(text: string, ...parts: readonly string[]): void {
  for (const part of parts) assert.ok(text.includes(part), `no "${part}" in:\n${text}`);
}

describe("the program, given bad input,", function () {
  this.timeout(30_000);
  before(() => import("../../index"));

  for (const validity of ["2562048h", "-1h", "100y", "876000"]) {
    it(`refuses ${validity} as validity`, async () => {
      holds(await refusal({ certificateAuthority: { validity } }), "trustplane:certificateAuthority.validity", validity);
    });
  }

  it("tells years in hours", async () => {
    holds(await refusal({ certificateAuthority: { validity: "100y" } }), "876000h");
  });

  it("refuses to retire the generation that signs", async () => {
    holds(await refusal({ certificateAuthority: { generation: 2, retire: 2 } }), "trustplane:certificateAuthority.retire", "2");
  });

  it("refuses three generations that live at a time", async () => {
    holds(await refusal({ certificateAuthority: { generation: 3 } }), "trustplane:certificateAuthority", "retire");
  });

  it("refuses an existing CA that has expired", async () => {
    const { certificate, privateKey } = await certificateAuthority("old", { days: -1 });
    const text = await refusal({ certificateAuthority: { existing: { certificate } } }, { certificateAuthorityKey: privateKey });
    holds(text, "trustplane:certificateAuthority.existing.certificate", "expired");
  });

  it("refuses an existing certificate that is no CA", async () => {
    const { certificate, privateKey } = await certificateAuthority("leaf", { ca: false });
    const text = await refusal({ certificateAuthority: { existing: { certificate } } }, { certificateAuthorityKey: privateKey });
    holds(text, "trustplane:certificateAuthority.existing.certificate", "CA");
  });

  it("refuses a key that does not fit the existing CA, and does not show it", async () => {
    const { privateKey } = await certificateAuthority("other");
    const certificate = await selfSignedRoot("company");
    const text = await refusal({ certificateAuthority: { existing: { certificate } } }, { certificateAuthorityKey: privateKey });
    holds(text, "certificateAuthorityKey");
    assert.ok(!text.includes(privateKey.split("\n")[1] ?? privateKey));
  });

  it("misses the key of an existing CA", async () => {
    const text = await refusal({ certificateAuthority: { existing: { certificate: await selfSignedRoot("company") } } });
    holds(text, "certificateAuthorityKey", "pulumi config set --secret");
  });

  it("knows what an unknown key was meant to be, in a section and of a section", async () => {
    holds(await refusal({ certManager: { instal: false } }), "trustplane:certManager.instal", "install");
    holds(await refusal({ certManger: {} }), "trustplane:certManger", "certManager");
  });

  it("refuses a wrong type", async () => {
    holds(await refusal({ certManager: { install: "yes" } }), "trustplane:certManager.install", '"yes"');
  });

  it("refuses a port outside the exposure's range", async () => {
    const ingressNginx = { exposure: { type: "nodePort", https: 60443 }, certificate: { dnsNames: ["api.example.org"] } };
    holds(await refusal({ ingressNginx }), "trustplane:ingressNginx.exposure.https", "60443", "30000", "32767");
  });

  it("refuses a chart path that leads nowhere", async () => {
    holds(await refusal({ certManager: { chart: "./no/such/chart" } }), "trustplane:certManager.chart", "./no/such/chart");
  });

  it("tells every mistake at once", async () => {
    const text = await refusal({ certManager: { install: "yes" }, certificateAuthority: { validity: "100y", generatoin: 2 } });
    holds(text, "certManager.install", "certificateAuthority.validity", "certificateAuthority.generatoin");
  });
});

describe("the program, given a cluster that does not answer,", function () {
  this.timeout(30_000);
  let silent: net.Server;
  let kubeconfig: string;

  before(async () => {
    silent = net.createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as net.AddressInfo;
    kubeconfig = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "kubeconfig-")), "config");
    fs.writeFileSync(kubeconfig, kubeconfigFor(`https://127.0.0.1:${port}`));
  });

  after(() => {
    silent.close();
    fs.rmSync(path.dirname(kubeconfig), { recursive: true });
  });

  it("gives up within 10 seconds and names context and server", async () => {
    const started = Date.now();
    const text = await refusal({ cluster: { identifier: "lab", kubeconfig, context: "lab-admin" } });
    assert.ok(Date.now() - started < 12_000);
    holds(text, "lab-admin", "https://127.0.0.1:");
  });

  it("names the contexts there are when it is told another", async () => {
    holds(await refusal({ cluster: { identifier: "lab", kubeconfig, context: "lab-amdin" } }), "lab-amdin", "lab-admin");
  });
});

function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "lab", cluster: { server } }],
    users: [{ name: "admin", user: { token: "none" } }],
    contexts: [{ name: "lab-admin", context: { cluster: "lab", user: "admin" } }],
    "current-context": "lab-admin",
  });
}
