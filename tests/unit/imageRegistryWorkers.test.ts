import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
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

const settledWorkers: WorkersArgs = { nodes: [], namespaces: [], ingress: {}, platform: { ...platform, generations: [1] } };

async function workers(changes: Partial<WorkersArgs>): Promise<Deployment<Workers>> {
  return deploy(() => new Workers("workers", { ...settledWorkers, ...changes }), outputs);
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
    const levels = { enforce: "baseline", audit: "baseline", warn: "baseline", version: "v1.36" } as const;
    const namespaces: WorkersArgs["namespaces"] = [{ name: "made", ...levels, create: true, protect: false, isolate: false }];
    const everywhere = ["default", "made", "geocube"];
    const logins = { ...imagePullSecrets, secrets: imagePullSecrets.secrets.map((each) => ({ ...each, namespaces: everywhere })) };
    const deployment = await deploy(() => {
      const geocube = new k8s.core.v1.Namespace("geocube-namespace", { metadata: { name: "geocube" } }).metadata.name;
      const changes = { registry: { ...registry, pullSecrets: { ...registry.pullSecrets, namespaces: everywhere } }, namespaces };
      return new Workers("workers", { ...settledWorkers, ...changes, imagePullSecrets: logins, madeNamespaces: { geocube } });
    }, outputs);
    const waitsFor = (name: string): readonly string[] => deployment.get(name).reads.filter((each) => each.includes("namespace"));
    assert.deepEqual(waitsFor("workers-registry-deployment"), ["workers-registry-namespace"]);
    for (const name of ["workers-registry-pull-secret-NAMESPACE", "workers-image-pull-secrets-NAMESPACE-other"]) {
      assert.deepEqual(
        everywhere.map((namespace) => waitsFor(name.replace("NAMESPACE", namespace))),
        [[], ["workers-namespaces-made"], ["geocube-namespace"]],
      );
    }
  });

  it("are absent where nobody asks for them", async () => {
    const deployment = await workers({});
    const { registryAddress, registryLogin, registryPasswords, pullSecretNames } = deployment.result;
    assert.deepEqual([registryAddress, registryLogin, registryPasswords], [undefined, undefined, undefined]);
    assert.deepEqual(await resolved(pullSecretNames as never), []);
    assert.deepEqual(children(deployment), []);
  });
});
