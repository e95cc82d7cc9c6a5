import assert from "node:assert/strict";
import { Workers, type WorkersArgs } from "../../components/workers/workers";
import { type Deployment, deploy, resolved } from "../deployment";
import { children, outputs, settled } from "./imageRegistryFixture";

const { platform, ...registry } = settled;

const imagePullSecrets = {
  secrets: [{ name: "other", servers: ["other.example.org"], namespaces: ["default"] }],
  logins: { "other.example.org": { username: "u", password: "p" } },
  serviceAccounts: [],
  defaultServiceAccounts: [],
};

async function workers(changes: Partial<WorkersArgs>): Promise<Deployment<Workers>> {
  const args = { nodes: [], namespaces: [], ingress: {}, platform: { ...platform, generations: [1] } };
  return deploy(() => new Workers("workers", { ...args, ...changes }), outputs);
}

describe("Workers' registry and pull secrets", () => {
  it("are told by their address, their login, their passwords and the names of all pull secrets", async () => {
    const { result } = await workers({ registry, imagePullSecrets });
    assert.equal(await resolved(result.registryAddress as never), "registry.example.org:60443");
    assert.match(await resolved(result.registryLogin as never), /^docker login registry\.example\.org:60443 /);
    assert.deepEqual(await resolved(result.registryPasswords as never), { cluster: "made" });
    assert.deepEqual(await resolved(result.pullSecretNames as never), ["default/image-registry", "default/other"]);
  });

  it("wait for the namespaces that are made here, but the registry itself does not, which a kept volume keeps on destroy", async () => {
    const namespaces: WorkersArgs["namespaces"] = [
      { name: "default", enforce: "baseline", audit: "baseline", warn: "baseline", version: "v1.36", create: false, protect: false },
    ];
    const deployment = await workers({ registry, imagePullSecrets, namespaces });
    assert.deepEqual(deployment.get("workers-registry").dependsOn, []);
    assert.deepEqual(deployment.get("workers-registry-pull-secret-default").dependsOn, ["workers-namespaces"]);
    assert.deepEqual(deployment.get("workers-image-pull-secrets").dependsOn, ["workers-namespaces"]);
  });

  it("are absent where nobody asks for them", async () => {
    const deployment = await workers({});
    const { registryAddress, registryLogin, registryPasswords, pullSecretNames } = deployment.result;
    assert.deepEqual([registryAddress, registryLogin, registryPasswords], [undefined, undefined, undefined]);
    assert.deepEqual(await resolved(pullSecretNames as never), []);
    assert.deepEqual(children(deployment), []);
  });
});
