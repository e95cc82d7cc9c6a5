import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { FILL_IMAGE } from "../../config/ponosSchema";
import { clients, type DevStack, devStack, edgeAddress } from "./devStack";
import { bottleFolder } from "./machine";
import { eventually } from "./podStates";

const megabytes = 100;
const silentSeconds = 65;

/** A pod of the namespace `default` whose ServiceAccount may do what users do there. */
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "workload", labels: { app: "workload" } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: "main",
        image: FILL_IMAGE,
        command: ["sh", "-c", "n=0; while :; do echo line $n; n=$((n + 1)); sleep 1; done"],
      },
    ],
  },
};

describe("the Kubernetes API for a pod on an HPC node", () => {
  let dev: DevStack;
  let token: string;

  before(async () => {
    dev = await devStack();
    dev.cluster.create(pod);
    dev.cluster.kubectl("create", "rolebinding", "workload", "--clusterrole=edit", "--serviceaccount=default:default");
    dev.cluster.kubectl("wait", "--for=condition=Ready", "pod/workload", "--timeout=300s");
    token = dev.cluster.kubectl("exec", "workload", "--", "cat", "/var/run/secrets/kubernetes.io/serviceaccount/token");
  });

  /** A command of kubectl for a shell outside, which has nothing but address, roots and token. */
  function kubectl(command: string): string {
    const server = `https://${edgeAddress.host}:${edgeAddress.port}`;
    return `${dev.cluster.tools.kubectl.path} --server ${server} --certificate-authority ${dev.bundle} --token ${token} ${command}`;
  }

  function outside(command: string): string {
    return dev.cluster.outside.run("sh", ["-c", command]).trim();
  }

  it("knows the pod by its own token", () => {
    const who = JSON.parse(outside(kubectl("auth whoami --output json"))) as {
      status: { userInfo: { username: string; extra: Record<string, string[]> } };
    };
    assert.equal(who.status.userInfo.username, "system:serviceaccount:default:default");
    assert.deepEqual(who.status.userInfo.extra["authentication.kubernetes.io/pod-name"], ["workload"]);
  });

  it("runs commands, with 100 MB of input and of output", () => {
    const file = path.join(bottleFolder(), "body");
    fs.writeFileSync(file, Buffer.alloc(megabytes << 20, "x"));
    const exec = kubectl("exec -i workload --");
    assert.equal(outside(`${exec} wc -c < ${file}`), String(megabytes << 20));
    assert.equal(outside(`${exec} head -c ${megabytes << 20} /dev/zero | wc -c`), String(megabytes << 20));
  });

  it("follows a log as it is written", async () => {
    const file = path.join(bottleFolder(), "followed.log");
    dev.cluster.outside.start("sh", ["-c", kubectl(`logs --follow --tail 1 workload > ${file}`)]);
    await eventually("three lines", 120, () => {
      const lines = fs.readFileSync(file, "utf8").split("\n");
      return lines.length > 3 ? [] : lines;
    });
  });

  it("delivers to a watch what happens after 65 s in which nothing did", async () => {
    const file = path.join(bottleFolder(), "watched");
    const watch = "get configmaps --watch-only --output name --field-selector metadata.name=late";
    dev.cluster.outside.start("sh", ["-c", kubectl(`${watch} > ${file}`)]);
    await once(spawn("sleep", [String(silentSeconds)]), "exit");
    assert.equal(fs.readFileSync(file, "utf8"), "");
    dev.cluster.kubectl("create", "configmap", "late");
    await eventually("the event", 60, () => (fs.readFileSync(file, "utf8") === "configmap/late\n" ? [] : ["nothing"]));
  });

  it("is reached from the sources that are allowed, and from no others", () => {
    const script = `
      const socket = require("node:net").connect({ host: "${edgeAddress.host}", port: ${edgeAddress.port}, localAddress: process.argv[1], timeout: 3000 });
      const end = (text) => { console.log(text); socket.destroy(); };
      socket.on("connect", () => end("connected")).on("timeout", () => end("silent")).on("error", (error) => end(error.code));`;
    const from = (address: string): string => dev.cluster.outside.run(process.execPath, ["--eval", script, address]).trim();
    assert.equal(from(clients.allowed), "connected");
    // some network plugins refuse, others drop
    assert.match(from(clients.refused), /^(silent|ECONNREFUSED)$/);
  });

  it("answers the access probe's Job", () => {
    assert.match(dev.stack.run("probe").expect(0).text, /passed: the API server answered/);
  });
});
