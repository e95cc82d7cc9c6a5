import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import type { Row } from "../../automation/checks/check";
import { certManager } from "../../local/controlPlane/components";
import { layoutOf } from "../../local/controlPlane/layout";
import { runningProcesses } from "../../local/controlPlane/processes";
import { selfSignedRoot } from "../certificates";
import { eventually } from "./controlPlaneTestbed";
import { EdgeTestbed } from "./edgeTestbed";
import type { LoopbackEdge } from "./loopbackEdge";
import { StartedScript } from "./startedScript";

interface Report {
  readonly passed: boolean;
  readonly rows: readonly Row[];
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("doctor and verify on an API server", () => {
  let testbed: EdgeTestbed;
  let edge: LoopbackEdge;
  let found: Report;

  before(async () => {
    const exposure = { type: "loadBalancer", port: 60443 };
    testbed = await EdgeTestbed.create({ address: "127.0.0.1", exposure, allowedSources: ["127.0.0.1/32"] }, [
      "interlink",
      "ponos",
      "plexus",
    ]);
    edge = await testbed.edge();
  });

  after(async () => {
    await testbed.dispose();
  });

  function kubectl(args: readonly string[], input?: object): string {
    const options = { encoding: "utf8" as const, input: input === undefined ? "" : JSON.stringify(input) };
    return execFileSync(testbed.tools.kubectl.path, ["--kubeconfig", testbed.project.kubeconfig, ...args], options).trim();
  }

  function run(code: number, script: "doctor" | "verify", ...args: readonly string[]): Report {
    return JSON.parse(testbed.project.run(script, "--json", ...args).expect(code).stdout) as Report;
  }

  const verify = (code: number, port: number): Report => run(code, "verify", "--edge", `127.0.0.1:${port}`);

  /** The rows of a check that are about `subject`, as `verdict: text`. */
  const told = (check: string, subject: RegExp): readonly string[] =>
    found.rows.filter((row) => row.check === check && subject.test(row.subject)).map(({ verdict, text }) => `${verdict}: ${text}`);

  /** One of those rows says so, and what to do. */
  function finds(check: string, subject: RegExp, says: RegExp): void {
    assert.ok(
      told(check, subject).some((text) => says.test(text)),
      `no ${String(says)} in: ${JSON.stringify(found.rows.filter((row) => row.check === check))}`,
    );
    for (const { verdict, wayOut = "" } of found.rows) assert.equal(wayOut !== "", verdict !== "ok" && verdict !== "not run here");
  }

  describe("doctor", () => {
    it("finds nothing wrong with the embedded control plane", () => {
      found = run(0, "doctor");
      assert.deepEqual(
        found.rows.filter(({ verdict }) => verdict !== "ok").map(({ check }) => check),
        ["egress"],
      );
      for (const check of ["tools", "cluster", "apis", "permissions", "signer", "charts"])
        assert.ok(
          found.rows.some((row) => row.check === check),
          check,
        );
    });

    it("finds faults of a deployer who may only read, on a cluster that lacks what the stack asks", () => {
      const kept = fs.readFileSync(path.join(testbed.project.root, "Pulumi.dev.yaml"));
      plantReader();
      const taker = {
        containers: [{ name: "taker", image: "registry.trustplane.test/taker:1", ports: [{ containerPort: 1, hostPort: 61443 }] }],
      };
      kubectl(["apply", "-f", "-"], { apiVersion: "v1", kind: "Pod", metadata: { name: "taker", namespace: "hpc" }, spec: taker });
      testbed.project.configure({
        "trustplane:cluster.kubeconfig": "reader.kubeconfig",
        "trustplane:plexus.storageClass.existing": "fast",
        "trustplane:interlink.exposure": { type: "hostPort", port: 61443, nodeSelector: {} },
      });
      found = run(5, "doctor");
      fs.writeFileSync(path.join(testbed.project.root, "Pulumi.dev.yaml"), kept);
      kubectl(["delete", "pod", "-n", "hpc", "taker", "--now"]);
    });

    it("names a storage class that is not there", () => {
      finds("cluster", /plexus\.storageClass\.existing/, /^failed: found "fast".*local-path, shared/);
    });

    it("names what the deployer may not do, by kind, and what he would give without having it", () => {
      finds("permissions", /^Namespace$/, /^failed: the user of context reader may not .*create namespaces in the whole cluster/);
      finds("permissions", /^ClusterIssuer$/, /create clusterissuers\.cert-manager\.io/);
      finds(
        "permissions",
        /^Role ponos-rights$/,
        /would give what the user of context reader does not have: create jobs\.batch in default/,
      );
      finds("signer", /^approval$/, /may not request and approve certificates: create, update, approve/);
    });

    it("names a host port that another pod has", () => {
      finds("ports", /^host port 61443\/TCP$/, /^failed: Deployment kubernetes-api-edge needs it.*hpc\/taker on /);
    });

    it("names a chart that is not there, a context that is not there, and a wrong key", () => {
      const chart = { chart: "cert-manager", repository: "https://127.0.0.1:1" };
      const faults: readonly (readonly [Record<string, unknown>, string, RegExp, RegExp])[] = [
        [{ "trustplane:certManager": chart }, "charts", /cert-manager/, /^failed: cert-manager .*: .*127\.0\.0\.1:1/],
        [{ "trustplane:cluster.context": "trustplan" }, "configuration", /cluster\.context/, /^failed: found "trustplan"/],
        [{ "trustplane:ponos.farm": "x" }, "configuration", /ponos/, /^failed: /],
      ];
      const file = path.join(testbed.project.root, "Pulumi.dev.yaml");
      const kept = fs.readFileSync(file);
      for (const [values, ...expected] of faults) {
        testbed.project.configure(values);
        found = run(5, "doctor");
        fs.writeFileSync(file, kept);
        finds(...expected);
      }
    });
  });

  describe("verify", () => {
    it("finds nothing wrong with a stack that is up, and asks its edge for real", () => {
      found = verify(0, edge.port);
      finds("edge", /^https:\/\/127\.0\.0\.1:60443$/, /^ok: TLS with the exported CA, then \/version was answered with (200|401|403)/);
      const others = found.rows.filter(({ verdict }) => verdict !== "ok");
      assert.deepEqual(
        [...new Set(others.map(({ check, verdict, subject }) => `${check} ${verdict} ${subject.split(" ")[0] ?? ""}`))],
        ["readiness not run here Deployment"],
      );
      for (const check of ["certificates", "readiness", "rights", "ponos agent", "volumes"])
        assert.ok(
          found.rows.some((row) => row.check === check && row.verdict === "ok"),
          check,
        );
    });

    it("says nothing of a key, a token or a password", () => {
      const text = JSON.stringify(found);
      for (const secret of [testbed.token, "PRIVATE KEY", "client-key-data"]) assert.ok(!text.includes(secret));
    });

    it("ends well for somebody with few rights beside a dead webhook of others, and names the right that is missing", async () => {
      await plantWebhook("gone", "Fail", "widgets");
      await asCluster("reader.kubeconfig", () => {
        found = verify(0, edge.port);
      });
      finds("rights", /^rights$/, /^not permitted: .*cannot create resource "subjectaccessreviews"/);
      finds("webhooks", /^gone: /, /^warning: its Service hpc\/gone does not exist; .*: nothing of this stack$/);
    });

    it("ends well on a cluster that is too busy to answer, and says what was not checked", async () => {
      const busy = http.createServer((_, response) => response.writeHead(429, { "retry-after": "3600" }).end()).listen(0, "127.0.0.1");
      await once(busy, "listening");
      const cluster = { server: `http://127.0.0.1:${(busy.address() as AddressInfo).port}`, "insecure-skip-tls-verify": true };
      fs.writeFileSync(path.join(testbed.project.root, "busy.kubeconfig"), JSON.stringify(kubeconfigOf("busy", cluster, "none")));
      await asCluster("busy.kubeconfig", async () => {
        const script = new StartedScript(testbed.project.root, {}, "verify", "--edge", `127.0.0.1:${edge.port}`);
        assert.equal(await script.ended, 0, script.text);
        for (const check of ["certificates", "readiness", "rights", "ponos agent", "volumes", "webhooks", "zones"])
          assert.match(script.text, new RegExp(`^not checked +${check} +${check} +GET /.* was answered with 429`, "m"));
      });
      busy.close();
    });

    it("finds faults that were made in a running stack", async () => {
      await stopCertManager();
      await expireLeaf();
      plantRights();
      await plantAgents();
      await loseVolume();
      await plantWebhook("silent", "Ignore", "widgets");
      await plantWebhook("ended", "Fail", "widgets");
      await plantWebhook("blocking", "Fail", "deployments");
      found = verify(5, 1);
    });

    it("finds the edge that does not answer", () => {
      finds("edge", /127\.0\.0\.1:60443/, /^failed: nothing answers there \(ECONNREFUSED\)/);
    });

    it("finds the certificate that has ended, and the one that is not Ready", () => {
      finds("certificates", /^Certificate kubernetes-api-edge\//, /^failed: ended on /);
      finds("readiness", /^Certificate kubernetes-api-edge\//, /^failed: not Ready: planted/);
    });

    it("finds the binding that nobody declared, and the right that is gone", () => {
      finds("rights", /default\/ponos-agent/, /^failed: RoleBinding kube-system\/extra gives what nobody declared: .*in kube-system/);
      finds("rights", /default\/ponos-agent/, /^failed: may not, though it was declared: get jobs\.batch in default/);
      finds("rights", /genomics\/genomics/, /^failed: may what nobody declared: .*get secrets in the whole cluster/);
    });

    it("finds the second agent beside the first, and one elsewhere", () => {
      finds("ponos agent", /^agent in default$/, /^failed: 2 run, and one may/);
      finds("ponos agent", /other namespaces/, /^warning: hpc\/agent/);
    });

    it("finds the claim that has lost its volume", () => {
      finds("volumes", /default\/ponos-data$/, /^failed: Lost/);
    });

    it("finds webhooks without a Service, without a server and with a CA that has ended", () => {
      finds("webhooks", /^gone: /, /^warning: its Service hpc\/gone does not exist/);
      finds("webhooks", /^silent: /, /^warning: https:\/\/127\.0\.0\.1:1\/: nothing answers there/);
      finds("webhooks", /^ended: /, /^warning: an old root in its caBundle has ended/);
      finds("webhooks", /^blocking: /, /^failed: its Service hpc\/gone does not exist; .*: Deployment .* for one$/);
    });
  });

  /** A kubeconfig of somebody who may read everything. */
  function plantReader(): void {
    kubectl(["create", "serviceaccount", "reader", "-n", "hpc"]);
    kubectl(["create", "clusterrole", "reader", "--verb=get,list,watch", "--resource=*.*"]);
    kubectl(["create", "clusterrolebinding", "reader", "--clusterrole=reader", "--serviceaccount=hpc:reader"]);
    const [server, ca] = ["server", "certificate-authority-data"].map((key) =>
      kubectl(["config", "view", "--raw", "--minify", "-o", `jsonpath={.clusters[0].cluster.${key}}`]),
    );
    const token = kubectl(["create", "token", "reader", "-n", "hpc"]);
    const config = kubeconfigOf("reader", { server, "certificate-authority-data": ca }, token);
    fs.writeFileSync(path.join(testbed.project.root, "reader.kubeconfig"), JSON.stringify(config));
  }

  function kubeconfigOf(name: string, cluster: object, token: string): object {
    return {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name, cluster }],
      users: [{ name, user: { token } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    };
  }

  /** Has this kubeconfig in the stack's place meanwhile. */
  async function asCluster(kubeconfig: string, work: () => void | Promise<void>): Promise<void> {
    const { root, kubeconfig: file } = testbed.project;
    const kept = fs.readFileSync(file);
    fs.copyFileSync(path.join(root, kubeconfig), file);
    try {
      await work();
    } finally {
      fs.writeFileSync(file, kept);
    }
  }

  /** It would mend at once what is broken here; its webhook, too, does not stand in the way then. */
  async function stopCertManager(): Promise<void> {
    const processes = await runningProcesses(layoutOf(path.dirname(testbed.project.kubeconfig)));
    for (const { component, pid } of processes) if (component === certManager) process.kill(pid, "SIGKILL");
    const ignored = [{ op: "replace", path: "/webhooks/0/failurePolicy", value: "Ignore" }];
    kubectl(["patch", "validatingwebhookconfiguration", "cert-manager-webhook", "--type=json", "-p", JSON.stringify(ignored)]);
  }

  async function expireLeaf(): Promise<void> {
    const data = { "tls.crt": base64(await selfSignedRoot("an old leaf", -1)) };
    const leaf = ["-n", "kubernetes-api-edge", "kubernetes-api-edge-tls"];
    kubectl(["patch", "secret", ...leaf, "--type=merge", "-p", JSON.stringify({ data })]);
    const condition = {
      type: "Ready",
      status: "False",
      reason: "Planted",
      message: "planted",
      lastTransitionTime: new Date().toISOString(),
    };
    const status = JSON.stringify({ status: { conditions: [condition] } });
    kubectl(["patch", "certificate", ...leaf, "--subresource=status", "--type=merge", "-p", status]);
  }

  function plantRights(): void {
    kubectl(["create", "rolebinding", "extra", "-n", "kube-system", "--clusterrole=edit", "--serviceaccount=default:ponos-agent"]);
    kubectl(["patch", "role", "ponos-rights", "-n", "default", "--type=json", "-p", '[{"op":"replace","path":"/rules","value":[]}]']);
    kubectl(["create", "clusterrolebinding", "group", "--clusterrole=admin", "--group=system:serviceaccounts:genomics"]);
  }

  async function plantAgents(): Promise<void> {
    kubectl(["scale", "deployment", "ponos-deployment", "-n", "default", "--replicas=2"]);
    const spec = { containers: [{ name: "agent", image: "registry.trustplane.test/agent:1" }] };
    kubectl(["apply", "-f", "-"], {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "agent", namespace: "hpc", labels: { name: "ponos-agent" } },
      spec,
    });
    const running = (): string => kubectl(["get", "pods", "-n", "default", "-l", "name=ponos-agent", "-o", "name"]);
    await eventually("two agents are there", () => Promise.resolve(running().split("\n").length === 2));
  }

  async function loseVolume(): Promise<void> {
    const volume = kubectl(["get", "pvc", "-n", "default", "ponos-data", "-o", "jsonpath={.spec.volumeName}"]);
    kubectl(["delete", "pv", volume, "--wait=false"]);
    kubectl(["patch", "pv", volume, "--type=merge", "-p", '{"metadata":{"finalizers":null}}']);
    const phase = (): string => kubectl(["get", "pvc", "-n", "default", "ponos-data", "-o", "jsonpath={.status.phase}"]);
    await eventually("the claim has lost its volume", () => Promise.resolve(phase() === "Lost"));
  }

  /** A webhook of others' that does not answer. */
  async function plantWebhook(name: "gone" | "silent" | "ended" | "blocking", failurePolicy: string, resource: string): Promise<void> {
    const root = name === "ended" ? await selfSignedRoot("an old root", -1) : await selfSignedRoot("a root");
    const there = name === "silent" ? { url: "https://127.0.0.1:1/" } : { service: { namespace: "hpc", name: "gone" } };
    const apiGroups = [resource === "deployments" ? "apps" : "example.org"];
    kubectl(["apply", "-f", "-"], {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name },
      webhooks: [
        {
          name: `${name}.example.org`,
          admissionReviewVersions: ["v1"],
          sideEffects: "None",
          failurePolicy,
          clientConfig: { ...there, caBundle: base64(root) },
          rules: [{ apiGroups, apiVersions: ["v1"], operations: ["CREATE"], resources: [resource] }],
        },
      ],
    });
  }
});
