import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { deploy, type Outputs } from "../deployment";
import { platformOutputs } from "../platformOutputs";
import { selfSignedRoot } from "../certificates";

const image = "registry.example.org/some:1.0.0";

const script = { file: "local/geocube/create.sql" };

const sections = {
  cluster: { identifier: "lab", preflight: false },
  ingressNginx: { certificate: { dnsNames: ["api.example.org"] } },
  interlink: {
    address: "192.0.2.11",
    exposure: { type: "nodePort", port: 30_443 },
    accessProbe: { nodeName: "hpc", namespace: "default" },
  },
  ponos: {
    url: "https://arkindex.example.org",
    farmId: "7c2f9a54-6a0e-4c3b-9d61-2f1f5b0c8e11",
    generateSeed: true,
    image,
    storage: { storageClass: "shared" },
    caBundle: { enabled: true },
  },
  geocube: {
    database: { type: "builtIn", backup: {}, schema: { version: "1.1.0", create: script, queue: script } },
    storage: { type: "volume", storageClass: "shared" },
    apiserver: { image },
    consolidater: { image },
    autoscaler: { image },
    downloader: { image },
    clientNamespaces: ["default"],
  },
  workers: {
    proxy: { https: "http://proxy.example.org:3128", serviceCidrs: ["10.96.0.0/12"], podCidrs: ["10.244.0.0/16"] },
    registry: { host: "registry.example.org", exposure: { type: "nodePort", port: 30_500 }, garbageCollection: { schedule: "0 3 * * 0" } },
    ingress: { defaultBackend: {}, example: { image, exposure: { type: "nodePort", nodePort: 30_510 } } },
  },
};

/** Every type is known, since all that is asked is what the program registers. */
function outputs(pem: string): Outputs {
  const password = (): Record<string, unknown> => ({ result: "made", bcryptHash: "$2a$10$made" });
  const known = { ...platformOutputs(pem), "random:index/randomPassword:RandomPassword": password };
  return new Proxy<Outputs>(known, { get: (all, type: string) => all[type] ?? ((): Record<string, unknown> => ({})) });
}

/** Names of each container's variables. */
function variables(inputs: unknown): string[][] {
  if (typeof inputs !== "object" || inputs === null) return [];
  return Object.entries(inputs).flatMap(([key, value]: [string, unknown]) => {
    if (!["containers", "initContainers"].includes(key) || !Array.isArray(value)) return variables(value);
    return (value as { env?: { name: string }[] }[]).map(({ env = [] }) => env.map(({ name }) => name));
  });
}

describe("the program with workers.proxy", () => {
  it("gives the proxy to every container of every workload, of whichever system", async () => {
    const values = Object.entries(sections).map(([name, section]) => [`trustplane:${name}`, JSON.stringify(section)]);
    pulumi.runtime.setAllConfig(Object.fromEntries(values) as Record<string, string>);
    const { default: program } = (await import("../../index")) as unknown as { default: () => Promise<unknown> };
    const { resources } = await deploy(program, outputs(await selfSignedRoot("root")));
    const workloads = resources.filter(({ type }) => /:(Deployment|StatefulSet|ReplicationController|Job|CronJob)$/.test(type));
    assert.deepEqual([...new Set(workloads.map(({ type }) => type.split(":").at(-1)))].sort(), [
      "CronJob",
      "Deployment",
      "Job",
      "ReplicationController",
      "StatefulSet",
    ]);
    for (const { name, inputs } of workloads) {
      const each = variables(inputs);
      assert.ok(each.length > 0, `${name} has no containers`);
      for (const names of each)
        assert.ok(
          ["https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"].every((one) => names.includes(one)),
          name,
        );
    }
  });
});
