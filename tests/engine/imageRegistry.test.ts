import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { types } from "@pulumi/kubernetes";
import { dockerConfig } from "../../components/workers/imagePullSecretsObject";
import { certificateAuthority } from "../certificates";
import { eventually } from "./controlPlaneTestbed";
import { type Client, ImageRegistryTestbed } from "./imageRegistryTestbed";
import type { LoopbackRegistry } from "./loopbackRegistry";

const host = "registry.trustplane.test";
const image = `${host}/lab/small:1`;

const section = {
  host,
  users: ["cluster"],
  pullSecrets: { namespaces: ["default"] },
  storage: { type: "volume", size: "1Gi", storageClass: "local-path" },
  delete: true,
  garbageCollection: { schedule: "0 3 * * 0" },
  exposure: { type: "loadBalancer" },
} as const;

type Ingress = types.output.networking.v1.Ingress;

const collector = "system:serviceaccount:image-registry:image-registry-garbage-collection";

describe("ImageRegistry, for real", () => {
  let testbed: ImageRegistryTestbed;
  let registry: LoopbackRegistry;
  let bundle: string;
  /** A pod that pulls with the generated pull secret. */
  let puller: Client;

  before(async () => {
    testbed = await ImageRegistryTestbed.create();
  });

  after(async () => {
    await testbed.dispose();
  });

  const pods = (): string =>
    testbed.kubectl("get", "pods", "-A", "-o", "jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.uid}{'\\n'}{end}");
  const registryPods = (all: string): string[] => all.split("\n").filter((line) => line.startsWith("image-registry/"));
  const crane = (client: Client, ...args: readonly string[]): ReturnType<ImageRegistryTestbed["crane"]> =>
    testbed.crane(registry, client, ...args);
  const login = (username: string, password: string): Client => ({
    dockerConfig: dockerConfig({ [host]: { username, password } }),
    ca: bundle,
  });
  const blobs = (): string[] =>
    fs
      .readdirSync(path.join(testbed.folder("data"), "docker/registry/v2/blobs/sha256"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith("/data"));

  it("comes up at the level restricted, its volume bound", () => {
    testbed.up(section, { ci: "given once" });
    const deployment = ["-n", "image-registry", "deployment/image-registry"];
    assert.equal(testbed.kubectl("get", ...deployment, "-o", "jsonpath={.status.availableReplicas}"), "1");
    assert.equal(testbed.kubectl("get", "-n", "image-registry", "pvc/image-registry-data", "-o", "jsonpath={.status.phase}"), "Bound");
    const outputs = testbed.project.outputs();
    bundle = outputs["bundle"] as string;
    assert.deepEqual([outputs["address"], outputs["loginCommand"]], [host, `docker login ${host} --username cluster`]);
    puller = { dockerConfig: testbed.secret("image-registry", "default")[".dockerconfigjson"] ?? "", ca: bundle };
  });

  it("touches no default ServiceAccount but that whose list it was given", () => {
    const list = (namespace: string): string =>
      testbed.kubectl(
        "-n",
        namespace,
        "get",
        "serviceaccount",
        "default",
        "-o",
        "jsonpath={.imagePullSecrets[*].name}{.metadata.managedFields[*].manager}",
      );
    for (const namespace of ["default", "image-registry", "kube-system"]) assert.equal(list(namespace), "", namespace);
    assert.match(list("kube-public"), /^other/);
  });

  it("shows no password in what anybody may read, nor in the state", () => {
    const passwords = JSON.parse(puller.dockerConfig) as { auths: Record<string, { password: string }> };
    const password = passwords.auths[host]?.password ?? "";
    assert.match(password, /^[A-Za-z0-9]{32}$/);
    const shown = testbed.kubectl("get", "-A", "deployment,configmap,cronjob,pods,serviceaccount", "-o", "json");
    const outputs = JSON.stringify(testbed.project.outputs());
    for (const text of [shown, outputs])
      for (const secret of [password, "given once", "$2a$", "$2b$"]) assert.ok(!text.includes(secret), secret);
  });

  it("lets the collector start the registry again, and do nothing else, and the stack has nothing to change then", async () => {
    const before = pods();
    const as = ["--as", collector, "-n", "image-registry"];
    for (const verb of ["delete", "create"]) assert.match(canI(verb, "deployments/image-registry", as), /^no/);
    for (const what of ["secrets", "pods", "deployments/other"]) assert.match(canI("get", what, as), /^no/);
    testbed.kubectl("rollout", "restart", "deployment/image-registry", ...as);
    await eventually("another pod runs", () => {
      const after = registryPods(pods());
      return Promise.resolve(after.length === 1 && !before.includes(after[0] ?? ""));
    });
    testbed.kubectl("rollout", "status", "deployment/image-registry", "-n", "image-registry", "--timeout=300s");
    assert.match(testbed.up(section, { ci: "given once" }).text, /nothing changed/);
    assert.match(testbed.project.run("refresh").expect(0).text, /the cluster is what the state says/);
  });

  function canI(verb: string, what: string, as: readonly string[]): string {
    try {
      return testbed.kubectl("auth", "can-i", verb, what, ...as);
    } catch (error) {
      return String((error as { stdout?: unknown }).stdout);
    }
  }

  it("collects garbage where nobody has pushed yet, and serves", async () => {
    registry = await testbed.registry();
    const [collection] = registry.deployment.template.spec.initContainers;
    const { code, output } = await registry.run(collection?.command ?? []);
    assert.equal(code, 0);
    assert.doesNotMatch(output, /fail|not collected/);
    assert.match(output, /0 blobs marked, 0 blobs and 0 manifests eligible for deletion/);
  });

  it("takes an image from crane, and gives it back, with the generated pull secret and the CA", async () => {
    const [content, layer, back] = ["content", "layer.tar", "back.tar"].map((name) => path.join(testbed.folder("client"), name));
    fs.writeFileSync(content ?? "", "for science");
    execFileSync("tar", ["-C", testbed.folder("client"), "-cf", layer ?? "", "content"]);
    const pushed = await crane(puller, "append", "--new_layer", layer ?? "", "--new_tag", image);
    assert.equal(pushed.code, 0, pushed.output);
    const exported = await crane(puller, "export", image, back ?? "");
    assert.equal(exported.code, 0, exported.output);
    assert.equal(execFileSync("tar", ["-xOf", back ?? "", "content"], { encoding: "utf8" }), "for science");
  });

  it("knows users whose passwords were given", async () => {
    const { code, output } = await crane(login("ci", "given once"), "ls", `${host}/lab/small`);
    assert.deepEqual([code, output.trim()], [0, "1"]);
  });

  it("refuses a wrong password, a user of another one, nobody, and a client that does not trust the CA", async () => {
    const refused = async (client: Client): Promise<string> => {
      const { code, output } = await crane(client, "digest", image);
      assert.equal(code, 1);
      return output;
    };
    for (const client of [login("ci", "given twice"), login("cluster", "given once"), { dockerConfig: "{}", ca: bundle }]) {
      assert.match(await refused(client), /UNAUTHORIZED|401/);
    }
    const { certificate } = await certificateAuthority("another CA");
    assert.match(await refused({ ...puller, ca: certificate }), /x509: certificate signed by unknown authority/);
  });

  it("frees what a deleted image held before it serves again, and keeps the others", async () => {
    const digest = (await crane(puller, "digest", image)).output.trim();
    const other = await crane(puller, "mutate", image, "--label", "kept=yes", "--tag", `${host}/lab/kept:1`);
    assert.equal(other.code, 0, other.output);
    const { code, output } = await crane(puller, "delete", `${host}/lab/small@${digest}`);
    assert.equal(code, 0, output);
    const full = blobs().length;
    await registry.stop();
    const [collection] = registry.deployment.template.spec.initContainers;
    const collected = await registry.run(collection?.command ?? []);
    assert.match(collected.output, /blobs eligible for deletion|blob eligible for deletion/);
    assert.ok(blobs().length < full, `${blobs().length} of ${full} blobs`);
    await registry.serve();
    assert.equal((await crane(puller, "validate", "--remote", `${host}/lab/kept:1`)).code, 0);
    assert.equal((await crane(puller, "digest", image)).code, 1);
  });

  it("serves a leaf that cert-manager has renewed", async () => {
    const before = await registry.served();
    const old = testbed.secret("image-registry-host-tls");
    testbed.kubectl("-n", "image-registry", "delete", "secret", "image-registry-host-tls");
    await eventually("the leaf is issued again", () => Promise.resolve(renewed(old["tls.crt"] ?? "")));
    assert.equal(await registry.served(), before);
    testbed.certificate?.replace(testbed.secret("image-registry-host-tls"));
    assert.notEqual(await registry.served(), before);
    assert.equal((await crane(puller, "ls", `${host}/lab/kept`)).code, 0);
  });

  function renewed(old: string): boolean {
    try {
      return testbed.secret("image-registry-host-tls")["tls.crt"] !== old;
    } catch {
      return false;
    }
  }

  it("rolls the registry alone when a password changes, and the other users' hashes stay", () => {
    const before = pods();
    const users = (): string[] => (testbed.secret("image-registry")["htpasswd"] ?? "").split("\n");
    const [cluster, ci] = users();
    testbed.up(section, { ci: "given twice" });
    assert.equal(users()[0], cluster);
    assert.notEqual(users()[1], ci);
    const others = (all: string): string[] =>
      all
        .split("\n")
        .filter((line) => !line.startsWith("image-registry/"))
        .sort();
    assert.deepEqual(others(pods()), others(before));
    assert.ok(registryPods(pods()).every((pod) => !before.includes(pod)));
  });

  it("goes behind the internal ingress, whose controller is told to verify it and to limit nothing", () => {
    testbed.up({ ...section, exposure: { type: "ingress" } }, { ci: "given twice" });
    assert.equal(testbed.project.outputs()["address"], `${host}:60443`);
    const { spec } = testbed.json("-n", "ingress-nginx-internal", "ingress", "image-registry") as Ingress;
    assert.match(testbed.secret(spec.tls[0]?.secretName ?? "", "ingress-nginx-internal")["tls.crt"] ?? "", /BEGIN CERTIFICATE/);
    assert.match(testbed.secret("image-registry", "default")[".dockerconfigjson"] ?? "", /"registry\.trustplane\.test:60443"/);
  });

  it("leaves the volume and its namespace on destroy, with the Secret that cert-manager made there, and says so", () => {
    const { text } = testbed.project.run("destroy", "--yes").expect(0);
    const lines = text.split("\n").filter((each) => each.startsWith("left on the cluster"));
    assert.match(
      lines.join("\n"),
      /NamespacePatch registry-namespace \(image-registry\), .*registry-data \(image-registry\/image-registry-data\)/,
    );
    const leaves = ["secret/image-registry-host-tls", "secret/image-registry-tls"];
    const left = testbed.kubectl("-n", "image-registry", "get", "all,secrets,pvc,role,networkpolicy", "-o", "name");
    assert.deepEqual(left.split("\n").sort(), ["persistentvolumeclaim/image-registry-data", ...leaves]);
    assert.equal(testbed.kubectl("-n", "kube-public", "get", "serviceaccount", "default", "-o", "jsonpath={.imagePullSecrets}"), "");
  });
});
