import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { certificateAuthority, selfSignedRoot } from "../certificates";
import { certificates, verifiesAlone } from "./chains";
import { EdgeClient } from "./edgeClient";
import { EdgeTestbed } from "./edgeTestbed";
import type { LoopbackEdge } from "./loopbackEdge";
import { SteadyCaller } from "./steadyCaller";

const silentMillis = 65_000;
const configMaps = "/api/v1/namespaces/hpc/configmaps";

describe("the edge of the Kubernetes API, for real", () => {
  let testbed: EdgeTestbed;
  let edge: LoopbackEdge;
  let client: EdgeClient;
  let watch: IncomingMessage;
  let watchBegan: number;

  before(async () => {
    const exposure = { type: "loadBalancer", port: 60443 };
    testbed = await EdgeTestbed.create({ address: "127.0.0.1", exposure, allowedSources: ["127.0.0.1/32", "2001:db8::/32"] });
    edge = await testbed.edge();
    client = testbed.client(edge);
    watch = await client.stream({ path: `${configMaps}?watch=1&fieldSelector=metadata.name=late&timeoutSeconds=600` });
    watchBegan = Date.now();
  });

  after(async () => {
    await testbed.dispose();
  });

  const kubectl = async (...args: readonly string[]): Promise<string> => (await client.kubectl(testbed.tools.kubectl.path, ...args)).output;

  /** Calls without a pause while the leaf is exchanged as the kubelet does it; gives the serial numbers that were served. */
  async function exchangeLeaf(files: Readonly<Record<string, string>>, ...trusted: readonly string[]): Promise<readonly string[]> {
    const callers = trusted.map((ca) => new SteadyCaller(testbed.client(edge, ca)));
    await Promise.all(callers.map(async (caller) => caller.served(20)));
    testbed.leaf.replace(files);
    await Promise.all(callers.map(async (caller) => caller.served(20)));
    const ended = await Promise.all(callers.map(async (caller) => caller.stop()));
    const failures = ended.flatMap((calls) => calls.failures);
    assert.deepEqual(failures, []);
    return [...new Set(ended.flatMap(({ leaves }) => leaves))];
  }

  it("lets kubectl list what RBAC allows, with the exported CA and a ServiceAccount's token alone", async () => {
    const rights = await kubectl("auth", "can-i", "--list", "-n", "hpc", "--no-headers");
    const resources = rights.split("\n").filter((line) => /^\S/.test(line));
    assert.deepEqual(resources.map((line) => line.replaceAll(/ +/g, " ")).sort(), [
      "configmaps [] [] [get list watch create]",
      "selfsubjectaccessreviews.authorization.k8s.io [] [] [create]",
      "selfsubjectreviews.authentication.k8s.io [] [] [create]",
      "selfsubjectrulesreviews.authorization.k8s.io [] [] [create]",
    ]);
    assert.match(await kubectl("get", "configmaps", "-n", "hpc", "-o", "name"), /^configmap\/kube-root-ca\.crt$/m);
  });

  it("lets kubectl do nothing else", async () => {
    assert.match(await kubectl("get", "secrets", "-n", "hpc"), /Forbidden.*serviceaccount:hpc:job.*cannot list resource "secrets"/);
    assert.match(await kubectl("get", "configmaps", "-n", "default"), /Forbidden.*cannot list resource "configmaps"/);
  });

  it("has no rights of its own: a wrong token is nobody's", async () => {
    assert.equal((await new EdgeClient({ port: edge.port, ca: testbed.root, token: "wrong" }).ask({ path: configMaps })).status, 401);
  });

  it("is refused by a client that trusts another CA", async () => {
    const stranger = testbed.client(edge, await selfSignedRoot("another CA"));
    const answer = await stranger.kubectl(testbed.tools.kubectl.path, "get", "configmaps", "-n", "hpc");
    assert.equal(answer.code, 1);
    assert.match(answer.output, /x509: certificate signed by unknown authority/);
  });

  it("passes a body of 1.5 MB, in pieces whose sum nobody knows before", async () => {
    const name = "n".repeat(1_500_000);
    const spec = { resourceAttributes: { resource: "configmaps", verb: "get", namespace: "hpc", name } };
    const { status, body } = await client.ask({
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      headers: { "content-type": "application/json", "transfer-encoding": "chunked" },
      body: JSON.stringify({ apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec }),
    });
    assert.equal(status, 201, body.slice(0, 500));
    const review = JSON.parse(body) as { spec: typeof spec; status: { allowed: boolean } };
    assert.equal(review.spec.resourceAttributes.name, name);
    assert.equal(review.status.allowed, true);
  });

  it("passes an upgrade to the API server: a watch over a WebSocket", async () => {
    const key = Buffer.alloc(16).toString("base64");
    const headers = { upgrade: "websocket", origin: "https://127.0.0.1", "sec-websocket-version": "13", "sec-websocket-key": key };
    const socket = await client.upgrade(`${configMaps}?watch=1`, headers);
    const [frame] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    assert.match(frame.toString(), /"type":"ADDED".*"name":"kube-root-ca\.crt"/);
  });

  it("passes an upgrade whose both ends talk, as kubectl exec does", async () => {
    const { client: toDouble } = await testbed.double("kubernetes.default.svc");
    const socket = await toDouble.upgrade("/api/v1/namespaces/hpc/pods/job/exec", { upgrade: "SPDY/3.1" });
    for (const text of ["first", "second"]) {
      socket.write(text);
      assert.equal(String((await once(socket, "data"))[0]), text);
    }
    socket.destroy();
  });

  it("keeps what clients claim of their addresses from the API server", async () => {
    const { server, client: toDouble } = await testbed.double("kubernetes.default.svc");
    const claims = [
      "x-forwarded-for",
      "x-real-ip",
      "forwarded",
      "x-forwarded-host",
      "x-forwarded-proto",
      "x-forwarded-port",
      "x-forwarded-uri",
    ];
    const forged = Object.fromEntries(claims.map((claim) => [claim, "192.0.2.66"]));
    assert.equal((await toDouble.ask({ path: "/version", headers: { ...forged, "impersonate-extra-a.b": "kept" } })).body, "seen");
    const [received = {}] = server.requests;
    assert.deepEqual(Object.fromEntries(claims.flatMap((claim) => (claim in received ? [[claim, received[claim]]] : []))), {
      "x-forwarded-for": "127.0.0.1",
    });
    assert.equal(received["authorization"], `Bearer ${testbed.token}`);
    assert.equal(received["impersonate-extra-a.b"], "kept");
  });

  it("answers 502 where the API server has another name or an unknown CA, and sends it nothing", async () => {
    const doubles = [
      await testbed.double("kubernetes.example.org"),
      await testbed.double("kubernetes.default.svc", await certificateAuthority("another CA")),
    ];
    for (const { server, client: toDouble } of doubles) {
      assert.equal((await toDouble.ask({ path: "/version" })).status, 502);
      assert.deepEqual(server.requests, []);
    }
  });

  it("answers 403 to sources that are not allowed", async () => {
    assert.equal((await client.ask({ path: configMaps, from: "127.0.0.2" })).status, 403);
    assert.equal((await client.ask({ path: configMaps })).status, 200);
  });

  it("serves a renewed leaf without a restart, and fails no request meanwhile", async () => {
    const old = testbed.cluster.leaf();
    const renewed = await testbed.cluster.renewedLeaf();
    assert.ok(renewed["tls.key"] === old["tls.key"], "nginx reads the key after the certificate: with another key it may get one of each");
    assert.equal((await exchangeLeaf(renewed, testbed.root)).length, 2);
  });

  it("serves a rotated CA's leaf without a restart, to clients of the old root, the new one and both", async () => {
    testbed.project.configure({ "trustplane:certificateAuthority.generation": 2 });
    testbed.project.run("up").expect(0);
    const bundle = testbed.project.outputs()["kubernetesApiCaCrt"] as string;
    const [old = "", young = "", ...rest] = certificates(bundle);
    assert.deepEqual(rest, []);
    const files = await testbed.cluster.leafBy("trustplane-dev-ca-2");
    assert.equal(certificates(files["tls.crt"] ?? "").length, 2, "leaf and cross certificate");
    const served = await exchangeLeaf(files, old, bundle);
    assert.equal(served.length, 2);
    assert.equal((await testbed.client(edge, young).ask({ path: configMaps })).leaf, served[1]);
    assert.ok(verifiesAlone(files["tls.crt"] ?? "", young) && verifiesAlone(files["tls.crt"] ?? "", old));
  });

  it("delivers what happens after 65 s in which nothing did", async () => {
    await sleep(Math.max(0, watchBegan + silentMillis - Date.now()));
    assert.equal(watch.readableLength, 0, "the watch was not silent");
    testbed.cluster.createConfigMap("late");
    for await (const event of watch.setEncoding("utf8")) {
      assert.match(event as string, /"type":"ADDED".*"name":"late"/);
      return;
    }
    assert.fail("the watch was cut");
  });

  it("logs who asked for what, without tokens and queries", () => {
    const log = edge.log();
    assert.match(log, new RegExp(`"remote_addr":"127.0.0.1","request_method":"GET","uri":"${configMaps}","status":"200"`));
    assert.ok(!log.includes(testbed.token) && !log.includes("watch=1"), log);
  });
});
