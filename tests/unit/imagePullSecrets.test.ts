import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ImagePullSecrets, type ImagePullSecretsArgs } from "../../components/workers/imagePullSecrets";
import { type Deployment, deploy, resolved } from "../deployment";
import { children } from "./imageRegistryFixture";

const same = (): Record<string, unknown> => ({});
const outputs = {
  "kubernetes:core/v1:Secret": same,
  "kubernetes:core/v1:ServiceAccount": same,
  "kubernetes:core/v1:ServiceAccountPatch": same,
};

const logins = { "one.example.org": { username: "a", password: "p" }, "two.example.org:5000": { username: "b", password: "q" } };

const settled: ImagePullSecretsArgs = {
  secrets: [{ name: "both", servers: Object.keys(logins), namespaces: ["default", "plexus"] }],
  logins: pulumi.secret(logins),
  serviceAccounts: [],
  defaultServiceAccounts: [],
};

async function pullSecrets(changes: Partial<ImagePullSecretsArgs> = {}): Promise<Deployment<ImagePullSecrets>> {
  return deploy(() => new ImagePullSecrets("pull", { ...settled, ...changes }), outputs);
}

describe("ImagePullSecrets", () => {
  it("makes a Secret in each namespace, and touches no ServiceAccount", async () => {
    const deployment = await pullSecrets();
    assert.deepEqual(children(deployment), ["Secret pull-default-both", "Secret pull-plexus-both"]);
    assert.deepEqual(await resolved(deployment.result.pullSecretNames as never), ["default/both", "plexus/both"]);
  });

  it("puts into each Secret the logins of its servers, and no others", async () => {
    const secrets = [{ name: "two", servers: ["two.example.org:5000"], namespaces: ["default"] }];
    const { type, data } = (await pullSecrets({ secrets })).get("pull-default-two").inputs as {
      type: string;
      data: Record<string, string>;
    };
    assert.equal(type, "kubernetes.io/dockerconfigjson");
    const auth = Buffer.from("b:q").toString("base64");
    const text = Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString();
    assert.deepEqual(JSON.parse(text), { auths: { "two.example.org:5000": { username: "b", password: "q", auth } } });
  });

  it("makes ServiceAccounts for workloads, with the names of their pull secrets and without a token", async () => {
    const serviceAccounts = [{ namespace: "plexus", name: "puller", imagePullSecrets: ["both", "teklia"] }];
    const { inputs, dependsOn } = (await pullSecrets({ serviceAccounts })).get("pull-plexus-service-account-puller");
    assert.deepEqual(inputs["imagePullSecrets"], [{ name: "both" }, { name: "teklia" }]);
    assert.equal(inputs["automountServiceAccountToken"], false);
    assert.deepEqual(dependsOn, ["pull-default-both", "pull-plexus-both"]);
  });

  it("gives a default ServiceAccount its whole list on request", async () => {
    const defaultServiceAccounts = [{ namespace: "default", imagePullSecrets: ["theirs", "both"] }];
    const deployment = await pullSecrets({ defaultServiceAccounts });
    const patches = children(deployment).filter((child) => child.startsWith("ServiceAccountPatch"));
    assert.deepEqual(patches, ["ServiceAccountPatch pull-default-default-service-account"]);
    const { metadata, imagePullSecrets } = deployment.get("pull-default-default-service-account").inputs;
    assert.deepEqual(metadata, { name: "default", namespace: "default" });
    assert.deepEqual(imagePullSecrets, [{ name: "theirs" }, { name: "both" }]);
  });
});
