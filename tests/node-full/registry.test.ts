import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { dockerConfig } from "../../components/workers/imagePullSecretsObject";
import { type DevStack, devStack } from "../node/devStack";
import { ImageRoot } from "../node/images/imageRoot";
import { bottleFolder, type Machine } from "../node/machine";
import { eventually } from "../node/podStates";
import { restricted } from "../node/restricted";

const host = "registry.trustplane.test";
const address = `${host}:30500`;
const image = `${address}/lab/small:1`;
const namespace = "workloads";
const megabytes = 20;

describe("the image registry on nodes", () => {
  let dev: DevStack;
  /** Docker's configuration of a pod that pulls. */
  let pullSecret: string;
  const home = path.join(bottleFolder(), "crane");

  before(async () => {
    dev = await devStack();
    const section = "trustplane:workers.registry";
    dev.stack.configure({ [`${section}.delete`]: true, [`${section}.garbageCollection`]: { schedule: "0 3 * * 0" } });
    dev.stack.run("up").expect(0);
    const secret = dev.cluster.kubectl(
      "get",
      "secret",
      "image-registry",
      "--namespace",
      namespace,
      "-o",
      "jsonpath={.data.\\.dockerconfigjson}",
    );
    pullSecret = Buffer.from(secret, "base64").toString();
    fs.mkdirSync(home);
    for (const machine of [dev.cluster.outside, ...dev.cluster.nodes.map(({ machine: each }) => each)]) resolve(machine);
  });

  /** The machine's own name service, which is its administrator's. */
  function resolve(machine: Machine): void {
    const file = path.join(bottleFolder(), "hosts");
    fs.writeFileSync(file, `127.0.0.1 localhost\n${dev.cluster.nodes[0]?.address ?? ""} ${host}\n`);
    machine.run("mount", ["--bind", file, "/etc/hosts"]);
  }

  /** crane outside the cluster. @throws Error with what it said */
  function crane(args: readonly string[], config = pullSecret, roots = dev.bundle): string {
    fs.writeFileSync(path.join(home, "config.json"), config);
    const env = [`HOME=${home}`, `DOCKER_CONFIG=${home}`, `SSL_CERT_FILE=${roots}`, `SSL_CERT_DIR=${home}/none`];
    return dev.cluster.outside.run("env", [...env, dev.cluster.tools.crane.path, ...args]).trim();
  }

  it("takes an image by its node port, with the pull secret's login and the CA", () => {
    const root = path.join(home, "root");
    fs.mkdirSync(root);
    const files = new ImageRoot(root);
    files.busybox(dev.cluster.tools.busybox.path);
    const layer = path.join(home, "layer.tar");
    execFileSync("tar", ["--create", "--file", layer, "--directory", root, "."]);
    crane(["append", "--new_tag", image, "--new_layer", layer]);
    crane(["mutate", image, "--set-platform", "linux/amd64", "--tag", image]);
    assert.equal(crane(["ls", `${address}/lab/small`]), "1");
  });

  it("refuses a wrong password, and is refused without the CA", () => {
    const wrong = dockerConfig({ [address]: { username: "cluster", password: "wrong" } });
    assert.throws(() => crane(["ls", `${address}/lab/small`], wrong), /UNAUTHORIZED|401/);
    const none = path.join(home, "no-roots");
    fs.writeFileSync(none, "");
    assert.throws(() => crane(["ls", `${address}/lab/small`], pullSecret, none), /unknown authority/);
  });

  function pod(name: string, node: string, more: object): object {
    const container = { name: "main", image, command: ["sleep", "infinity"], imagePullPolicy: "Always", securityContext: restricted };
    const spec = { nodeName: node, containers: [container], terminationGracePeriodSeconds: 1, ...more };
    return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace }, spec };
  }

  it("is where each node pulls from, once it trusts the CA as docs/registry.md says, and with the pull secret alone", async () => {
    for (const node of dev.cluster.nodes) {
      const folder = path.join(node.folder, "certs.d", address);
      fs.mkdirSync(folder, { recursive: true });
      fs.copyFileSync(dev.bundle, path.join(folder, "ca.crt"));
      fs.writeFileSync(path.join(folder, "hosts.toml"), `server = "https://${address}"\n[host."https://${address}"]\n  ca = "ca.crt"\n`);
      dev.cluster.create(pod(`with-${node.name}`, node.name, { imagePullSecrets: [{ name: "image-registry" }] }));
      dev.cluster.create(pod(`without-${node.name}`, node.name, {}));
    }
    for (const { name } of dev.cluster.nodes)
      dev.cluster.kubectl("wait", "--for=condition=Ready", `pod/with-${name}`, "--namespace", namespace, "--timeout=120s");
    await eventually("the others are refused", 60, async () => {
      const { items } = await dev.cluster.client().makeApiClient(CoreV1Api).listNamespacedPod({ namespace });
      const others = items.filter(({ metadata }) => metadata?.name?.startsWith("without-"));
      const messages = others.map(({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.message ?? "");
      return messages.filter((message) => !/no basic auth credentials|authorization failed|401/.test(message));
    });
  });

  /** Kilobytes of the storage. */
  function used(): number {
    const du = ["du", "-s", "-k", "/var/lib/registry"];
    return Number.parseInt(dev.cluster.kubectl("exec", "--namespace", "image-registry", "deployment/image-registry", "--", ...du), 10);
  }

  it("gives back the space of an image that was deleted, at the time of its schedule, and keeps the others", () => {
    const [layer, big] = [path.join(home, "big.tar"), `${address}/lab/big:1`];
    fs.writeFileSync(path.join(home, "noise"), randomBytes(megabytes << 20));
    execFileSync("tar", ["--create", "--file", layer, "--directory", home, "noise"]);
    const before = used();
    crane(["append", "--new_tag", big, "--new_layer", layer]);
    assert.ok(used() - before > megabytes * 1000, `${used()} KB after ${before}`);
    crane(["delete", `${address}/lab/big@${crane(["digest", big])}`]);
    const inRegistry = ["--namespace", "image-registry"];
    dev.cluster.kubectl("create", "job", "now", "--from=cronjob/image-registry-garbage-collection", ...inRegistry);
    dev.cluster.kubectl("wait", "--for=condition=Complete", "job/now", "--timeout=120s", ...inRegistry);
    dev.cluster.kubectl("rollout", "status", "deployment/image-registry", "--timeout=120s", ...inRegistry);
    assert.ok(used() - before < 100, `${used()} KB after ${before}`);
    assert.throws(() => crane(["digest", big]), /MANIFEST_UNKNOWN|404/);
    crane(["validate", "--remote", image]);
  });
});
