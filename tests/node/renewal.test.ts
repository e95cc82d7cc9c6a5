import assert from "node:assert/strict";
import { renewAll } from "./certificates";
import { type DevStack, devStack, edgeAddress, trustWhatIsExported } from "./devStack";
import { eventually } from "./podStates";
import { SteadyCalls } from "./steadyCalls";

const requests = 20_000;

describe("servers whose certificates are renewed and rotated", () => {
  let dev: DevStack;
  let edge: SteadyCalls;
  let registry: SteadyCalls;

  before(async () => {
    dev = await devStack();
    const token = dev.cluster.kubectl("create", "token", "default", "--namespace", "default", "--duration", "2h");
    const watch = "/api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds=3600";
    dev.cluster.kubectl("create", "clusterrolebinding", "watcher", "--clusterrole=view", "--serviceaccount=default:default");
    const called = { bundle: dev.bundle, pauseMillis: 6 };
    const headers = { authorization: `Bearer ${token}` };
    edge = new SteadyCalls(dev.cluster.outside, { ...edgeAddress, ...called, path: "/version", status: 200, headers, callers: 4, watch });
    const name = { host: "192.0.2.22", port: 30500, servername: "registry.trustplane.test" };
    registry = new SteadyCalls(dev.cluster.outside, { ...name, ...called, path: "/v2/", status: 401, headers: {}, callers: 1 });
    await Promise.all([served(edge, 1), served(registry, 1)]);
  });

  async function served(calls: SteadyCalls, leaves: number): Promise<void> {
    await eventually(`${leaves} leaves were served`, 400, () => {
      const seen = calls.now();
      return seen.leaves.length < leaves ? [JSON.stringify(seen).slice(0, 2000)] : [];
    });
  }

  async function renewed(leaves: number): Promise<void> {
    await renewAll(dev.cluster);
    await Promise.all([served(edge, leaves), served(registry, leaves)]);
  }

  it("serve the first renewal, and the second", async () => {
    for (const renewal of [1, 2]) {
      await renewed(renewal + 1);
    }
  });

  it("serve the next generation, and go on when the first is retired", async () => {
    dev.stack.configure({ "trustplane:certificateAuthority.generation": 2 });
    dev.stack.run("up").expect(0);
    trustWhatIsExported(dev.stack, dev.bundle);
    await renewed(4);
    dev.stack.configure({ "trustplane:certificateAuthority.retire": 1 });
    const meant = ["key", "root"].flatMap((part) => ["--allow-replace", `private-ca-1-${part}`]);
    dev.stack.run("up", ...meant).expect(0);
    trustWhatIsExported(dev.stack, dev.bundle);
    await renewed(5);
  });

  it("have failed no client of the edge meanwhile, and no watch", async () => {
    await eventually("enough requests", 600, () => (edge.now().requests < requests ? [String(edge.now().requests)] : []));
    const { requests: made, leaves, watches } = await edge.stop();
    console.log(`    ${made} requests, ${leaves.length} leaves`);
    assert.equal(watches, 1);
  });

  it("have failed no client of the registry meanwhile", async () => {
    const { requests: made, leaves } = await registry.stop();
    console.log(`    ${made} requests, ${leaves.length} leaves`);
  });
});
