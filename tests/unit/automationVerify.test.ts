import assert from "node:assert/strict";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { AccessReviews } from "../../automation/checks/accessReview";
import type { Check, Finding } from "../../automation/checks/check";
import type { StateResource } from "../../automation/deployment";
import { agentCheck } from "../../automation/verify/agentCheck";
import { certificatesIn, expiryFinding } from "../../automation/verify/certificate";
import { certificatesCheck } from "../../automation/verify/certificatesCheck";
import { edgeCheck } from "../../automation/verify/edgeCheck";
import { readinessCheck } from "../../automation/verify/readinessCheck";
import { rightsCheck } from "../../automation/verify/rightsCheck";
import type { VerifyContext } from "../../automation/verify/verifyContext";
import { volumesCheck } from "../../automation/verify/volumesCheck";
import { webhooksCheck } from "../../automation/verify/webhooksCheck";
import { zonesCheck } from "../../automation/verify/zonesCheck";
import { clusterAccess } from "../../preflight/clusterAccess";
import { ClusterReader } from "../../preflight/clusterReader";
import { certificateAuthority, selfSignedRoot } from "../certificates";
import { patience } from "../patience";
import { FakeApiServer } from "./fakeApiServer";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const RBAC = "rbac.authorization.k8s.io/v1";

/** A resource of a state: `apps/v1:Deployment`, its place, and what else its outputs have. */
function object(type: string, place: string, outputs: object = {}, parent = ""): StateResource {
  const [name = "", namespace] = place.split("/").reverse();
  const urn = `urn:pulumi:dev::trustplane::${parent}kubernetes:${type}::${name}`;
  return { urn, type: `kubernetes:${type}`, outputs: { ...outputs, metadata: { name, namespace } } };
}

describe("the checks of verify", () => {
  let server: FakeApiServer;

  beforeEach(async () => {
    server = await new FakeApiServer().start();
  });
  afterEach(() => server.stop());

  async function rows(
    check: Check<VerifyContext>,
    resources: readonly StateResource[],
    more: Partial<VerifyContext> = {},
  ): Promise<readonly Finding[]> {
    const { kubeConfig } = clusterAccess({ identifier: "lab", kubeconfig: server.kubeconfig, preflight: true });
    const context: VerifyContext = {
      stack: "dev",
      embedded: false,
      deployment: { resources },
      outputs: {},
      exportedCa: "",
      reviews: new AccessReviews(kubeConfig),
      now: new Date(),
      open: (signal) => ClusterReader.open(kubeConfig, server.address, signal),
      ...more,
    };
    return check.run(context, AbortSignal.timeout(patience(60)));
  }

  const told = async (...args: Parameters<typeof rows>): Promise<readonly string[]> =>
    (await rows(...args)).map(({ subject, verdict, text }) => `${verdict}: ${subject}: ${text}`);

  describe("edge", () => {
    const outputs = { kubernetesApiAddr: "192.0.2.9", kubernetesApiPort: "60443" };

    it("has nothing to say of a stack without one, and needs a container on the embedded control plane", async () => {
      assert.deepEqual(await rows(edgeCheck, []), []);
      assert.deepEqual(
        (await rows(edgeCheck, [], { outputs, embedded: true })).map(({ verdict }) => verdict),
        ["not run here"],
      );
    });

    it("refuses who is not of the exported CA, and one for another address, and tells which", async () => {
      const own = await certificateAuthority("edge");
      const edge = https.createServer({ cert: own.certificate, key: own.privateKey }, (_, response) => response.writeHead(401).end());
      await new Promise<void>((resolve) => edge.listen(0, "127.0.0.1", resolve));
      const at = { host: "127.0.0.1", port: (edge.address() as AddressInfo).port };
      const [foreign] = await rows(edgeCheck, [], { outputs, edge: at, exportedCa: await selfSignedRoot("another CA") });
      const [renamed] = await rows(edgeCheck, [], { outputs, edge: at, exportedCa: own.certificate });
      edge.closeAllConnections();
      edge.close();
      assert.match(foreign?.text ?? "", /^its certificate is not signed by the CA that it is verified with \([A-Z_]+\) over 127/);
      assert.match(renamed?.text ?? "", /^its certificate is for another name/);
    });
  });

  describe("certificates", () => {
    const at = (days: number): Date => new Date(Date.now() + days * 86_400_000);

    it("end, are due, or have time, by the day", async () => {
      const [certificate] = certificatesIn(await selfSignedRoot("a root", 20));
      assert.ok(certificate !== undefined);
      const verdict = (days: number, due?: Date) => expiryFinding("it", certificate, at(days), { due, wayOut: "renew" });
      assert.deepEqual([verdict(0).verdict, verdict(21).verdict, verdict(-11).verdict], ["ok", "failed", "failed"]);
      assert.match(verdict(0).text, /^19 days left, until \d{4}-/);
      // of 30 days two thirds are over after the tenth from now
      assert.deepEqual([verdict(9).verdict, verdict(11).verdict], ["ok", "warning"]);
      assert.deepEqual([verdict(11, at(12)).verdict, verdict(1, at(0)).verdict], ["ok", "warning"]);
      assert.match(verdict(11).text, /was due for renewal on/);
    });

    it("are read from leaves, CA Secrets, the exported bundle and kubeconfigs, and of a Secret nothing else is used", async () => {
      const [leaf, root, old] = [await selfSignedRoot("leaf", 60), await selfSignedRoot("root", 3000), await selfSignedRoot("old", -1)];
      server.answers = {
        "/apis/cert-manager.io/v1/namespaces/web/certificates/tls": { spec: { secretName: "web-tls" }, status: {} },
        "/api/v1/namespaces/web/secrets/web-tls": {
          data: { "tls.crt": base64(leaf), "tls.key": base64("PRIVATE"), "ca.crt": base64(old) },
        },
        "/api/v1/namespaces/cm/secrets/ca": { data: { "tls.crt": base64(root), "tls.key": base64("PRIVATE") } },
      };
      const kubeconfig = JSON.stringify({ users: [{ user: { "client-certificate-data": base64(old), "client-key-data": "PRIVATE" } }] });
      const kubeconfigs = { alice: kubeconfig, bob: JSON.stringify({ users: [{ user: { token: "TOKEN" } }] }) };
      const resources = [
        object("cert-manager.io/v1:Certificate", "web/tls"),
        object("core/v1:Secret", "cm/ca", { type: "kubernetes.io/tls" }),
        object("core/v1:Secret", "cm/other", { type: "Opaque" }),
      ];
      const found = await rows(certificatesCheck, resources, { outputs: { kubeconfigs }, exportedCa: root });
      assert.deepEqual(
        found.map(({ verdict, subject }) => `${verdict}: ${subject}`),
        [
          "ok: Certificate web/tls",
          "failed: Certificate web/tls",
          "ok: Secret cm/ca",
          "ok: output kubernetesApiCaCrt: root",
          "failed: kubeconfig of alice",
          "ok: kubeconfig of bob",
        ],
      );
      assert.equal(found[1]?.text, "old in its chain has ended");
      assert.doesNotMatch(JSON.stringify(found), /PRIVATE|TOKEN/);
    });

    it("that are gone, or have an empty Secret, are failures", async () => {
      server.answers = { "/apis/cert-manager.io/v1/namespaces/web/certificates/empty": { spec: { secretName: "none" } } };
      const resources = [object("cert-manager.io/v1:Certificate", "web/gone"), object("cert-manager.io/v1:Certificate", "web/empty")];
      assert.deepEqual(await told(certificatesCheck, resources), [
        "failed: Certificate web/gone: is not on the cluster",
        "failed: Certificate web/empty: its Secret none has no certificate",
      ]);
    });
  });

  describe("readiness", () => {
    const resources = [
      object("cert-manager.io/v1:ClusterIssuer", "ca"),
      object("apps/v1:Deployment", "web/app"),
      object("apps/v1:DaemonSet", "web/each"),
    ];

    it("asks cert-manager's conditions and counts pods", async () => {
      server.answers = {
        "/apis/cert-manager.io/v1/clusterissuers/ca": {
          status: { conditions: [{ type: "Ready", status: "False", message: "no Secret" }] },
        },
        "/apis/apps/v1/namespaces/web/deployments/app": { spec: { replicas: 2 }, status: { readyReplicas: 1 } },
        "/apis/apps/v1/namespaces/web/daemonsets/each": { status: { desiredNumberScheduled: 3, numberReady: 3 } },
      };
      assert.deepEqual(await told(readinessCheck, resources), [
        "failed: ClusterIssuer ca: not Ready: no Secret",
        "failed: Deployment web/app: 1 of 2 pods ready",
        "ok: DaemonSet web/each: 3 of 3 pods ready",
      ]);
    });

    it("counts the pods of charts, too, wherever their objects say that they are", async () => {
      const resourceNames = { "Deployment.apps/apps/v1": ["controller", "other/webhook"], "ConfigMap/v1": ["settings"] };
      const type = "kubernetes:helm.sh/v3:Release";
      const release = { urn: `urn:pulumi:dev::trustplane::${type}::chart`, type, outputs: { namespace: "cm", resourceNames } };
      server.answers = { "/apis/apps/v1/namespaces/cm/deployments/controller": { status: { readyReplicas: 1 } } };
      assert.deepEqual(await told(readinessCheck, [release]), [
        "ok: Deployment cm/controller: 1 of 1 pods ready",
        "failed: Deployment other/webhook: is not on the cluster, but the stack's state has it",
      ]);
    });

    it("finds what is gone, and counts no pods where no container runs", async () => {
      assert.deepEqual(
        (await rows(readinessCheck, resources, { embedded: true })).map(({ verdict }) => verdict),
        ["failed", "not run here", "not run here"],
      );
    });
  });

  describe("rights", () => {
    const agent = { kind: "ServiceAccount", name: "agent", namespace: "farm" };
    const rules = [{ apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] }];
    const bound = { roleRef: { kind: "Role", name: "work" }, subjects: [agent] };
    const resources = [
      object("core/v1:ServiceAccount", "farm/agent"),
      object(`${RBAC}:Role`, "farm/work", { rules }),
      object(`${RBAC}:RoleBinding`, "farm/agent", bound),
    ];
    const binding = { metadata: { name: "agent", namespace: "farm" }, ...bound };

    interface Review {
      readonly spec: {
        readonly user: string;
        readonly resourceAttributes: { readonly verb: string; readonly resource: string; readonly namespace?: string };
      };
    }

    function answering(allowed: (asked: string) => boolean, ...more: readonly object[]): void {
      server.answers = {
        "/apis/rbac.authorization.k8s.io/v1/rolebindings": [binding],
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings": more,
        "/apis/rbac.authorization.k8s.io/v1/namespaces/farm/roles/work": { rules },
        "/apis/rbac.authorization.k8s.io/v1/clusterroles/reader": {
          rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
        },
        "/apis/authorization.k8s.io/v1/subjectaccessreviews": (sent: unknown) => {
          const { user, resourceAttributes } = (sent as Review).spec;
          assert.equal(user, "system:serviceaccount:farm:agent");
          const { verb, resource, namespace = "*" } = resourceAttributes;
          return { status: { allowed: allowed(`${verb} ${resource} ${namespace}`) } };
        },
      };
    }

    it("are in order where all that was declared is allowed, and nothing powerful beside it", async () => {
      answering((asked) => asked === "create jobs farm");
      const [row, ...others] = await told(rightsCheck, resources);
      assert.match(
        row ?? "",
        /^ok: ServiceAccount farm\/agent: declared rights: 1, all held; powers that nobody declared: \d\d, all denied/,
      );
      assert.deepEqual(others, []);
    });

    it("warn of what others give to somebody whom the stack did not make", async () => {
      const extra = { metadata: { name: "extra" }, roleRef: { kind: "ClusterRole", name: "reader" }, subjects: [agent] };
      answering((asked) => asked === "create jobs farm", extra);
      const others = resources.filter(({ type }) => !type.endsWith(":ServiceAccount"));
      assert.deepEqual(
        (await rows(rightsCheck, others)).map(({ verdict }) => verdict),
        ["warning"],
      );
    });

    it("name what was declared and is not allowed, with the binding", async () => {
      answering(() => false);
      const [row] = await rows(rightsCheck, resources);
      assert.equal(row?.text, "may not, though it was declared: create jobs.batch in farm");
      assert.match(row.wayOut ?? "", /RoleBinding farm\/agent/);
    });

    it("name a binding that nobody declared, however little it gives", async () => {
      const extra = { metadata: { name: "extra" }, roleRef: { kind: "ClusterRole", name: "reader" }, subjects: [agent] };
      answering((asked) => asked === "create jobs farm", extra);
      const [row] = await rows(rightsCheck, resources);
      assert.equal(row?.text, "ClusterRoleBinding extra gives what nobody declared: get configmaps in the whole cluster");
      assert.match(row.wayOut ?? "", /kubectl delete clusterrolebinding extra/);
    });

    it("are not known to who may not ask, and the API server's words say so", async () => {
      answering(() => true);
      server.answers["/apis/authorization.k8s.io/v1/subjectaccessreviews"] = {
        refused: 403,
        message: "user x cannot create subjectaccessreviews",
      };
      await assert.rejects(rows(rightsCheck, resources), { message: "user x cannot create subjectaccessreviews" });
    });

    it("name a power that no binding of his explains", async () => {
      answering((asked) => ["create jobs farm", "get secrets kube-system"].includes(asked));
      assert.deepEqual(await told(rightsCheck, resources), [
        "failed: ServiceAccount farm/agent: may what nobody declared: get secrets in kube-system",
      ]);
    });
  });

  describe("ponos agent", () => {
    const deployment = object("apps/v1:Deployment", "farm/ponos-deployment", {}, "trustplane:ponos:PonosAgent$");
    const pod = (place: string, phase = "Running"): object => {
      const [namespace, name] = place.split("/");
      return { metadata: { namespace, name }, status: { phase } };
    };

    it("is not looked for in a stack without one", async () => {
      assert.deepEqual(await rows(agentCheck, [object("apps/v1:Deployment", "web/app")]), []);
      assert.deepEqual(server.asked, []);
    });

    for (const [what, pods, expected] of [
      ["one agent is right", ["farm/a"], ["ok"]],
      ["none is wrong", [], ["failed"]],
      ["two are wrong", ["farm/a", "farm/b"], ["failed"]],
      ["one elsewhere may be another farm's", ["farm/a", "barn/b"], ["ok", "warning"]],
    ] as const) {
      it(what, async () => {
        server.answers = { "/api/v1/pods": [...pods.map((place) => pod(place)), pod("farm/done", "Succeeded")] };
        assert.deepEqual(
          (await rows(agentCheck, [deployment])).map(({ verdict }) => verdict),
          expected,
        );
      });
    }
  });

  it("volumes: a claim is right that is bound, or waits for its first pod; one that waits for its class or is gone is not", async () => {
    const place = "/api/v1/namespaces/farm/persistentvolumeclaims";
    const spec = { storageClassName: "nfs", accessModes: ["ReadWriteMany"] };
    const late = { storageClassName: "local", accessModes: ["ReadWriteOnce"] };
    const node = { "volume.kubernetes.io/selected-node": "worker-a" };
    server.answers = {
      [`${place}/bound`]: { spec, status: { phase: "Bound" } },
      [`${place}/waits`]: { spec, status: { phase: "Pending" } },
      [`${place}/early`]: { spec: late, status: { phase: "Pending" } },
      [`${place}/stuck`]: { metadata: { annotations: node }, spec: late, status: { phase: "Pending" } },
      "/apis/storage.k8s.io/v1/storageclasses/nfs": { volumeBindingMode: "Immediate" },
      "/apis/storage.k8s.io/v1/storageclasses/local": { volumeBindingMode: "WaitForFirstConsumer" },
    };
    const claims = ["bound", "waits", "early", "stuck", "gone"].map((name) => object("core/v1:PersistentVolumeClaimPatch", `farm/${name}`));
    assert.deepEqual(await told(volumesCheck, claims), [
      "ok: PersistentVolumeClaim farm/bound: Bound, class nfs, ReadWriteMany",
      "failed: PersistentVolumeClaim farm/waits: Pending, class nfs, ReadWriteMany",
      "ok: PersistentVolumeClaim farm/early: Pending, class local, ReadWriteOnce; it binds with the first pod that uses it, and none has come yet",
      "failed: PersistentVolumeClaim farm/stuck: Pending, class local, ReadWriteOnce",
      "failed: PersistentVolumeClaim farm/gone: is not on the cluster",
    ]);
  });

  it("zones: every node is in one where there are tenants, and those that are not are named", async () => {
    const plexus = { urn: "urn:pulumi:dev::trustplane::trustplane:plexus:Plexus::plexus", type: "trustplane:plexus:Plexus" };
    const node = (name: string, labels: object): object => ({ metadata: { name, labels } });
    server.answers = { "/api/v1/nodes": [node("a", { "topology.kubernetes.io/zone": "hall" }), node("b", {})] };
    assert.deepEqual(await told(zonesCheck, [plexus]), ["warning: nodes: no label topology.kubernetes.io/zone on b"]);
    server.answers = { "/api/v1/nodes": [node("a", { "topology.kubernetes.io/zone": "hall" })] };
    assert.deepEqual(await told(zonesCheck, [plexus]), ["ok: nodes: each of 1 is in a zone"]);
    assert.deepEqual(await told(zonesCheck, []), []);
  });

  it("webhooks: each needs a Service with a pod that is ready, and a caBundle in its time", async () => {
    const [live, ended] = [base64(await selfSignedRoot("root")), base64(await selfSignedRoot("old root", -1))];
    const webhook = (name: string, caBundle: string, service = name, failurePolicy = "Fail"): object => ({
      name,
      failurePolicy,
      clientConfig: { service: { namespace: "cm", name: service }, caBundle },
    });
    const slices = "/apis/discovery.k8s.io/v1/namespaces/cm/endpointslices";
    server.answers = {
      "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations": [
        { metadata: { name: "v" }, webhooks: [webhook("good", live), webhook("ended", ended), webhook("bare", ""), webhook("gone", live)] },
      ],
      "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations": [
        { metadata: { name: "m" }, webhooks: [webhook("lax", live, "gone", "Ignore")] },
      ],
      "/api/v1/namespaces/cm/services/good": {},
      [slices]: [{ endpoints: [{ conditions: { ready: true } }] }],
    };
    const own = [object("admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration", "v")];
    assert.deepEqual(await told(webhooksCheck, own), [
      "ok: v: good: there, with a caBundle in its time",
      "failed: v: ended: old root in its caBundle has ended; the API server refuses what it should look at",
      "failed: v: bare: its caBundle is empty: no Service can prove who it is; the API server refuses what it should look at",
      "failed: v: gone: its Service cm/gone does not exist; the API server refuses what it should look at",
      "warning: m: lax: its Service cm/gone does not exist; what it should look at passes unseen",
    ]);
    const proxied = "/api/v1/namespaces/cm/services/https:good:443/proxy/";
    server.answers[proxied] = { refused: 503, message: "connection refused" };
    assert.match((await told(webhooksCheck, own))[0] ?? "", /^failed: v: good: .*does not answer the API server: connection refused;/);
    server.answers[proxied] = { refused: 405, message: "method not allowed" };
    assert.match((await told(webhooksCheck, own))[0] ?? "", /^ok: v: good/);
    server.answers[slices] = [{ endpoints: [{ conditions: { ready: false } }] }];
    assert.match((await told(webhooksCheck, own))[0] ?? "", /^failed: v: good: its Service cm\/good has no pod that is ready/);
  });

  describe("webhooks of others that are dead", () => {
    const farm = object("apps/v1:Deployment", "farm/agent", {
      apiVersion: "apps/v1",
      spec: { template: { metadata: { labels: { app: "agent" } } } },
    });
    const pods = { apiGroups: [""], resources: ["pods"], operations: ["CREATE"] };
    const dead = { name: "w", failurePolicy: "Fail", clientConfig: { service: { namespace: "cm", name: "gone" }, caBundle: "" } };

    async function verdict(webhook: object): Promise<string | undefined> {
      server.answers = {
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations": [
          { metadata: { name: "v" }, webhooks: [{ ...dead, ...webhook }] },
        ],
        "/apis/apps/v1": { resources: [{ name: "deployments", kind: "Deployment", namespaced: true }] },
        "/api/v1/namespaces/farm": { metadata: { labels: { team: "farm" } } },
      };
      const [row] = await rows(webhooksCheck, [farm]);
      return row?.verdict;
    }

    it("warn where nothing of the stack is theirs to see: another kind, scope, namespace, or label", async () => {
      const others = [
        { rules: [{ ...pods, resources: ["widgets"] }] },
        { rules: [{ ...pods, apiGroups: ["apps"] }] },
        { rules: [{ ...pods, scope: "Cluster" }] },
        { rules: [pods], namespaceSelector: { matchLabels: { team: "barn" } } },
        {
          rules: [pods],
          namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["farm"] }] },
        },
        { rules: [pods], objectSelector: { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] } },
        {},
      ];
      for (const webhook of others) assert.equal(await verdict(webhook), "warning", JSON.stringify(webhook));
    });

    it("fail where they stop the stack's next update, and name what", async () => {
      const ours = [
        { rules: [pods] },
        { rules: [{ apiGroups: ["*"], resources: ["*/*"], scope: "*" }] },
        { rules: [{ apiGroups: ["apps"], resources: ["deployments"], scope: "Namespaced" }] },
        { rules: [pods], namespaceSelector: { matchExpressions: [{ key: "team", operator: "In", values: ["farm"] }] } },
        { rules: [pods], objectSelector: { matchLabels: { app: "agent" } } },
      ];
      for (const webhook of ours) assert.equal(await verdict(webhook), "failed", JSON.stringify(webhook));
      assert.match(
        (await told(webhooksCheck, [farm]))[0] ?? "",
        /the API server refuses what it should look at: the pods of Deployment farm\/agent for one$/,
      );
    });

    it("are not permitted to see for who may not read their Services, and that is no failure", async () => {
      await verdict({ rules: [pods] });
      const clientConfig = { ...dead.clientConfig, caBundle: base64(await selfSignedRoot("root")) };
      server.answers["/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"] = [
        { metadata: { name: "v" }, webhooks: [{ ...dead, rules: [pods], clientConfig }] },
      ];
      server.answers["/api/v1/namespaces/cm/services/gone"] = { refused: 403, message: "user x cannot get services in cm" };
      assert.deepEqual(await told(webhooksCheck, [farm]), ["not permitted: v: w: user x cannot get services in cm"]);
    });
  });
});
