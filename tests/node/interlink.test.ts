import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { clients, type DevStack, devStack, edgeAddress } from "./devStack";
import { bottleFolder, execute } from "./machine";
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
        image: "docker.io/library/busybox:1.37.0",
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
    const administrator = ["--kubeconfig", dev.cluster.kubeconfig, "create", "--filename", "-"];
    execute(dev.cluster.tools.kubectl.path, administrator, JSON.stringify(pod));
    dev.cluster.kubectl("create", "rolebinding", "workload", "--clusterrole=edit", "--serviceaccount=default:default");
    dev.cluster.kubectl("wait", "--for=condition=Ready", "pod/workload", "--timeout=300s");
    token = dev.cluster.kubectl("exec", "workload", "--", "cat", "/var/run/secrets/kubernetes.io/serviceaccount/token");
  });

  /** What kubectl on a machine outside is given that has nothing but address, roots and token. */
  function access(): readonly string[] {
    const server = `https://${edgeAddress.host}:${edgeAddress.port}`;
    return [dev.cluster.tools.kubectl.path, "--server", server, "--certificate-authority", dev.bundle, "--token", token];
  }

  function outside(...args: readonly string[]): string {
    const [program = "", ...how] = access();
    return dev.cluster.outside.run(program, [...how, ...args]).trim();
  }

  it("knows the pod by its own token", () => {
    const who = JSON.parse(outside("auth", "whoami", "--output", "json")) as {
      status: { userInfo: { username: string; extra: Record<string, string[]> } };
    };
    assert.equal(who.status.userInfo.username, "system:serviceaccount:default:default");
    assert.deepEqual(who.status.userInfo.extra["authentication.kubernetes.io/pod-name"], ["workload"]);
  });

  it("runs commands, with 100 MB of input and of output", () => {
    const file = path.join(bottleFolder(), "body");
    fs.writeFileSync(file, Buffer.alloc(megabytes << 20, "x"));
    const [program = "", ...how] = access();
    const exec = `${[program, ...how].join(" ")} exec -i workload --`;
    assert.equal(dev.cluster.outside.run("sh", ["-c", `${exec} wc -c < ${file}`]).trim(), String(megabytes << 20));
    assert.equal(
      dev.cluster.outside.run("sh", ["-c", `${exec} head -c ${megabytes << 20} /dev/zero | wc -c`]).trim(),
      String(megabytes << 20),
    );
  });

  it("follows a log as it is written", async () => {
    const [program = "", ...how] = access();
    const file = path.join(bottleFolder(), "followed.log");
    dev.cluster.outside.start("sh", ["-c", `${[program, ...how].join(" ")} logs --follow --tail 1 workload > ${file}`]);
    await eventually("three lines", 120, () => {
      const lines = fs.readFileSync(file, "utf8").split("\n");
      return lines.length > 3 ? [] : lines;
    });
  });

  it("delivers to a watch what happens after 65 s in which nothing did", async () => {
    const [program = "", ...how] = access();
    const file = path.join(bottleFolder(), "watched");
    const watch = "get configmaps --watch-only --output name --field-selector metadata.name=late";
    dev.cluster.outside.start("sh", ["-c", `${[program, ...how].join(" ")} ${watch} > ${file}`]);
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
