import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PrivateCa, type GeneratedAuthority, type PrivateCaArgs } from "../../components/platform/privateCa";
import { type Deployment, deploy, resolved } from "../deployment";
import { selfSignedRoot } from "../certificates";
import { platformOutputs } from "../platformOutputs";

const generated: GeneratedAuthority = {
  type: "generated",
  generation: 1,
  retire: 0,
  validityHours: 87600,
  commonName: "lab CA",
  organization: "trustplane",
};

let root: string;

async function authority(changes: Partial<GeneratedAuthority> = {}): Promise<Deployment<PrivateCa>> {
  return authorityFrom({ ...generated, ...changes });
}

async function authorityFrom(source: PrivateCaArgs["source"]): Promise<Deployment<PrivateCa>> {
  const args = { identifier: "lab", namespace: "cert-manager", protect: true, source };
  return deploy(() => new PrivateCa("ca", args), platformOutputs(root));
}

const types = ({ resources }: Deployment<unknown>): string[] =>
  resources.filter(({ type }) => !type.includes(":Stack")).map(({ type, name }) => `${type} ${name}`);

describe("PrivateCa", () => {
  before(async () => {
    root = await selfSignedRoot("lab CA 1");
  });

  it("makes one generation: key, root, CA Secret and ClusterIssuer, and no cross certificate", async () => {
    assert.deepEqual(types(await authority()).sort(), [
      "kubernetes:cert-manager.io/v1:ClusterIssuer ca-1-issuer",
      "kubernetes:core/v1:Secret ca-1-secret",
      "tls:index/privateKey:PrivateKey ca-1-key",
      "tls:index/selfSignedCert:SelfSignedCert ca-1-root",
      "trustplane:platform:CaGeneration ca-1",
      "trustplane:platform:PrivateCa ca",
    ]);
  });

  it("writes beside the CA Secret's data when the root expires, for readers that must not have its key", async () => {
    const { annotations } = (await authority()).get("ca-1-secret").inputs["metadata"] as { annotations: Record<string, string> };
    assert.deepEqual(annotations, { "trustplane.dev/not-after": "2035-12-30T00:00:00Z" });
  });

  it("lets the second generation be cross-signed by the first", async () => {
    const deployment = await authority({ generation: 2 });
    const cross = deployment.get("ca-2-cross").inputs;
    assert.equal(cross["isCaCertificate"], true);
    assert.equal(cross["caPrivateKeyPem"], deployment.get("ca-1-root").inputs["privateKeyPem"]);
    assert.deepEqual(deployment.result.generations, [1, 2]);
    assert.equal(await resolved(pulumi.output(deployment.result.issuerRef.name)), "trustplane-lab-ca-2");
  });

  it("lets a root sign its successor's cross certificate and nothing longer, and that one leaves alone", async () => {
    const { get } = await authority({ generation: 2 });
    const lengths = ["ca-1-root", "ca-2-root", "ca-2-cross"].map((name) => get(name).inputs["maxPathLength"]);
    assert.deepEqual(lengths, [1, 1, 0]);
  });

  it("leaves cert-manager one way from a leaf up, which ends in the first root", async () => {
    const data = (await authority({ generation: 2 })).get("ca-2-secret").inputs["data"] as Record<string, string>;
    assert.deepEqual(Object.keys(data).sort(), ["tls.crt", "tls.key"]);
    assert.equal(Buffer.from(data["tls.crt"] ?? "", "base64").toString(), `CROSS\n${root}`);
  });

  it("gives the cross certificate the subject of the root that it stands for", async () => {
    const deployment = await authority({ generation: 2 });
    assert.deepEqual(deployment.get("ca-2-request").inputs["subject"], deployment.get("ca-2-root").inputs["subject"]);
  });

  it("ends the cross certificate before its signer ends", async () => {
    const deployment = await authority({ generation: 2 });
    assert.equal(deployment.get("ca-2-cross").inputs["validityPeriodHours"], 87599);
  });

  it("keeps every live root in the bundle, the signing one last", async () => {
    const { result } = await authority({ generation: 2 });
    assert.equal(await resolved(result.bundle), root + root);
  });

  it("drops a retired generation and serves without its cross certificate", async () => {
    const deployment = await authority({ generation: 2, retire: 1 });
    const names = deployment.resources.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => name.startsWith("ca-1") || name === "ca-2-cross"),
      [],
    );
    assert.deepEqual(deployment.result.generations, [2]);
  });

  it("protects only the signing generation's key and root, so that its predecessor can be retired", async () => {
    const deployment = await authority({ generation: 2 });
    const protectedNames = deployment.resources.filter(({ protect }) => protect).map(({ name }) => name);
    assert.deepEqual(protectedNames.sort(), ["ca-2-key", "ca-2-root"]);
  });

  it("signs with an existing CA without making a key", async () => {
    const deployment = await authorityFrom({ type: "existing", certificate: root, key: "KEY" });
    assert.deepEqual(types(deployment).sort(), [
      "kubernetes:cert-manager.io/v1:ClusterIssuer ca-issuer",
      "kubernetes:core/v1:Secret ca-secret",
      "trustplane:platform:PrivateCa ca",
    ]);
    assert.equal((deployment.get("ca-secret").inputs["data"] as Record<string, string>)["tls.key"], Buffer.from("KEY").toString("base64"));
  });

  it("uses an issuer of the cluster without making anything", async () => {
    const deployment = await authorityFrom({ type: "issuer", name: "letsencrypt" });
    assert.deepEqual(types(deployment), ["trustplane:platform:PrivateCa ca"]);
    assert.equal(await resolved(deployment.result.bundle), "");
    assert.equal(await resolved(deployment.result.fingerprint), undefined);
  });
});
