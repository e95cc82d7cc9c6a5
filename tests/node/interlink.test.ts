import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { clients, type DevStack, devStack, edgeAddress } from "./devStack";
import { bottleFolder } from "./machine";
import { connection, makeWorkload, OutsideKubectl, workloadIdentity } from "./outsideKubectl";
import { eventually } from "./podStates";

const megabytes = 100;
const silentSeconds = 65;

describe("the Kubernetes API for a pod on an HPC node", () => {
  let dev: DevStack;
  let kubectl: OutsideKubectl;

  before(async () => {
    dev = await devStack();
    kubectl = new OutsideKubectl(dev, edgeAddress, makeWorkload(dev));
  });

  it("knows the pod by its own token", () => {
    assert.deepEqual(kubectl.whoami(), workloadIdentity);
  });

  it("runs commands, with 100 MB of input and of output", () => {
    const file = path.join(bottleFolder(), "body");
    fs.writeFileSync(file, Buffer.alloc(megabytes << 20, "x"));
    const exec = kubectl.command("exec -i workload --");
    assert.equal(kubectl.run(`${exec} wc -c < ${file}`), String(megabytes << 20));
    assert.equal(kubectl.run(`${exec} head -c ${megabytes << 20} /dev/zero | wc -c`), String(megabytes << 20));
  });

  it("follows a log as it is written", async () => {
    const file = path.join(bottleFolder(), "followed.log");
    dev.cluster.outside.start("sh", ["-c", kubectl.command(`logs --follow --tail 1 workload > ${file}`)]);
    await eventually("three lines", 120, () => {
      const lines = fs.readFileSync(file, "utf8").split("\n");
      return lines.length > 3 ? [] : lines;
    });
  });

  it("delivers to a watch what happens after 65 s in which nothing did", async () => {
    const file = path.join(bottleFolder(), "watched");
    const watch = "get configmaps --watch-only --output name --field-selector metadata.name=late";
    dev.cluster.outside.start("sh", ["-c", kubectl.command(`${watch} > ${file}`)]);
    await once(spawn("sleep", [String(silentSeconds)]), "exit");
    assert.equal(fs.readFileSync(file, "utf8"), "");
    dev.cluster.kubectl("create", "configmap", "late");
    await eventually("the event", 60, () => (fs.readFileSync(file, "utf8") === "configmap/late\n" ? [] : ["nothing"]));
  });

  it("is reached from the sources that are allowed, and from no others", () => {
    assert.equal(connection(dev.cluster.outside, edgeAddress, clients.allowed), "connected");
    // some network plugins refuse, others drop
    assert.match(connection(dev.cluster.outside, edgeAddress, clients.refused), /^(silent|ECONNREFUSED)$/);
  });

  it("answers the access probe's Job", () => {
    assert.match(dev.stack.run("probe").expect(0).text, /passed: the API server answered/);
  });
});
