import assert from "node:assert/strict";
import { clients, type DevStack, devStack } from "../node/devStack";
import { connection, makeWorkload, OutsideKubectl, workloadIdentity } from "../node/outsideKubectl";

/** By what the exposure is: where clients connect, and the section's keys. */
const exposures = [
  { host: "192.0.2.22", port: 30443, exposure: { type: "nodePort", port: 30443 } },
  // the address that a cloud's controller is played to give
  { host: "192.0.2.21", port: 8443, exposure: { type: "loadBalancer", port: 8443 } },
] as const;

describe("the edge's other exposures on nodes", () => {
  let dev: DevStack;
  let token: string;

  before(async () => {
    dev = await devStack();
    token = makeWorkload(dev);
  });

  for (const { host, port, exposure } of exposures)
    it(`leads by ${exposure.type} from allowed sources alone, with a pod's own token, and runs commands`, () => {
      dev.stack.configure({ "trustplane:interlink.address": host, "trustplane:interlink.exposure": exposure });
      dev.stack.run("up").expect(0);
      const kubectl = new OutsideKubectl(dev, { host, port }, token);
      assert.deepEqual(kubectl.whoami(), workloadIdentity);
      assert.equal(kubectl.run(`echo through | ${kubectl.command("exec -i workload -- cat")}`), "through");
      assert.match(kubectl.run(kubectl.command("logs --tail 1 workload")), /^line \d+$/);
      assert.equal(connection(dev.cluster.outside, { host, port }, clients.allowed), "connected");
      assert.match(connection(dev.cluster.outside, { host, port }, clients.refused), /^(silent|ECONNREFUSED)$/);
    });
});
