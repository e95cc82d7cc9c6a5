import * as assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClientCertificateInputs, ClientCertificateProvider } from "../../components/plexus/clientCertificateProvider";
import { kubernetesApiOf } from "../../components/plexus/kubeconfigCluster";
import type { CertificateLife } from "../../components/plexus/tenantCredentialStrategy";
import { CredentialStack } from "./credentialStack";
import { ControlPlaneTestbed, eventually } from "./controlPlaneTestbed";

const day: CertificateLife = { expirationSeconds: 86_400, renewBeforeSeconds: 28_800 };
/** The shortest that the Kubernetes API takes. */
const short: CertificateLife = { expirationSeconds: 600, renewBeforeSeconds: 200 };
const secondsSigned = 20;

interface Kubeconfig {
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

interface State {
  readonly checkpoint: {
    readonly latest: { readonly resources: readonly { readonly urn: string; readonly outputs?: { readonly certRequestPem?: string } }[] };
  };
}

describe("TenantCredential, on the real engine and API server", () => {
  let testbed: ControlPlaneTestbed;
  let stack: CredentialStack;
  let old: string;

  before(async () => {
    testbed = await ControlPlaneTestbed.create();
    await testbed.ensure();
    const { kubeconfig, pki } = testbed.layout;
    const text = (name: string): string => fs.readFileSync(path.join(pki, name), "utf8");
    const clusterAuthority = { certificate: text("ca.crt"), key: text("ca.key") };
    stack = await CredentialStack.create(testbed, { kubernetesApi: kubernetesApiOf({ kubeconfig }), clusterAuthority });
    stack.credentials = {
      alice: { user: "alice@example.org", groups: ["readers"], strategy: { type: "certificateSigningRequest", ...day } },
      bob: { user: "bob", groups: ["readers"], strategy: { type: "certificateAuthority", ...day } },
      carol: { user: "carol", groups: [], strategy: { type: "serviceAccount" } },
    };
    assert.deepEqual(await stack.operate("preview"), { create: 14 }, "planned before anything is known");
    await stack.operate("up");
  });

  after(async () => {
    await testbed.dispose();
  });

  function fileOf(tenant: string): string {
    const file = path.join(testbed.layout.root, `${tenant}.kubeconfig`);
    fs.writeFileSync(file, stack.delivered(tenant).kubeconfig);
    return file;
  }

  /** Who the API server takes the owner of a kubeconfig for, or what kubectl says where it takes him for nobody. */
  async function whoami(kubeconfig: string): Promise<{ username: string; groups: readonly string[] } | string> {
    const { code, output } = await testbed.run("kubectl", ["auth", "whoami", "-o", "json", "--kubeconfig", kubeconfig]);
    if (code !== 0) return output;
    const { username, groups } = (JSON.parse(output) as { status: { userInfo: { username: string; groups: readonly string[] } } }).status
      .userInfo;
    return { username, groups };
  }

  async function knownAs(kubeconfig: string, username: string): Promise<void> {
    const known = await whoami(kubeconfig);
    assert.equal(typeof known === "string" ? known : known.username, username);
  }

  function certificateOf(tenant: string): X509Certificate {
    const { users } = JSON.parse(stack.delivered(tenant).kubeconfig) as Kubeconfig;
    return new X509Certificate(Buffer.from(users[0]?.user["client-certificate-data"] ?? "", "base64"));
  }

  /** Lets the controller-manager run on with other flags; of one that is given twice the last counts. */
  async function restartControllerManager(...flags: readonly string[]): Promise<void> {
    const running = (await testbed.processes()).find(({ component }) => component === "kube-controller-manager");
    const line = execFileSync("ps", ["-ww", "-o", "args=", "-p", String(running?.pid)], { encoding: "utf8" });
    await testbed.kill("kube-controller-manager");
    const [program = "", ...args] = line.trim().split(" ");
    spawn(program, [...args, ...flags], { stdio: "ignore", detached: true }).unref();
    await eventually("the controller-manager is back", async () => {
      return (await testbed.processes()).some(({ component }) => component === "kube-controller-manager");
    });
  }

  for (const [tenant, user] of [
    ["alice", "alice@example.org"],
    ["bob", "bob"],
  ] as const) {
    it(`gives ${tenant} a certificate with the name, group and end that are configured, and kubectl knows the user`, async () => {
      const certificate = certificateOf(tenant);
      assert.deepEqual(certificate.subject.split("\n").sort(), [`CN=${user}`, "O=readers"]);
      assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.2"], "client authentication and nothing else");
      const { expiry = "" } = stack.delivered(tenant);
      assert.equal(Date.parse(certificate.validTo), Math.floor(Date.parse(expiry) / 1000) * 1000);
      const missing = Date.now() + day.expirationSeconds * 1000 - Date.parse(expiry);
      // the controller-manager dates what lives longer than eight hours five minutes back, at both ends
      assert.ok(missing > 0 && missing < 400_000, `${missing} ms`);
      const known = await whoami(fileOf(tenant));
      assert.deepEqual(known, { username: user, groups: ["readers", "system:authenticated"] });
    });
  }

  it("gives carol a ServiceAccount's token, which has no end", async () => {
    const { expiry } = stack.delivered("carol");
    assert.equal(expiry, undefined);
    await knownAs(fileOf("carol"), "system:serviceaccount:lab:carol");
  });

  it("makes the tenant's namespace that of kubectl's commands", async () => {
    const { output } = await testbed.run("kubectl", ["get", "pods", "--kubeconfig", fileOf("bob")]);
    assert.match(output, /User "bob" cannot list resource "pods".*in the namespace "lab"/);
  });

  it("keeps what is secret out of the state's plain text", () => {
    const state = stack.state();
    const { users } = JSON.parse(stack.delivered("carol").kubeconfig) as Kubeconfig;
    assert.ok(!state.includes("PRIVATE KEY") && !state.includes(users[0]?.user["token"] ?? ""));
    assert.ok(!state.includes("client-key-data"));
    assert.ok(state.includes("BEGIN CERTIFICATE REQUEST"), "what is public is there to be read");
  });

  it("has nothing to change afterwards, though the cluster has collected the request", async () => {
    await testbed.kubectl(["delete", "certificatesigningrequests", "--all"]);
    assert.deepEqual(await stack.operate("refresh"), {});
    assert.deepEqual(await stack.operate("up"), {});
  });

  it("asks for another certificate where another expiry is configured, and takes what the cluster gives", async () => {
    await restartControllerManager(`--cluster-signing-duration=${secondsSigned}s`);
    const alice = stack.credentials["alice"] ?? assert.fail();
    stack.credentials = { ...stack.credentials, alice: { ...alice, strategy: { type: "certificateSigningRequest", ...short } } };
    assert.deepEqual(await stack.operate("preview"), { update: 2 }, "the certificate and the component, whose arguments have changed");
    assert.deepEqual(await stack.operate("up"), { update: 2 });
    const left = Date.parse(certificateOf("alice").validTo) - Date.now();
    assert.ok(left > 0 && left <= secondsSigned * 1000, `${left} ms`);
    old = path.join(testbed.layout.root, "old.kubeconfig");
    fs.renameSync(fileOf("alice"), old);
    await knownAs(old, "alice@example.org");
  });

  it("renews on the first up inside the renewal window, with the same key and another request", async () => {
    const before = certificateOf("alice");
    await sleep(Math.max(0, Date.parse(before.validTo) - (secondsSigned * 1000) / 3 - Date.now()));
    assert.deepEqual(await stack.operate("up"), { update: 1 });
    const renewed = certificateOf("alice");
    assert.ok(Date.parse(renewed.validTo) > Date.parse(before.validTo));
    assert.deepEqual(renewed.publicKey.export({ type: "spki", format: "pem" }), before.publicKey.export({ type: "spki", format: "pem" }));
    const requests = await testbed.kubectl(["get", "certificatesigningrequests", "-o", "name"]);
    assert.match(
      requests,
      /^certificatesigningrequest\.certificates\.k8s\.io\/plexus-alice-example-org-[0-9a-f]{16}$/,
      "the last one alone is left",
    );
  });

  it("leaves the old certificate to its end: the API server knows its owner no more", async () => {
    await knownAs(fileOf("alice"), "alice@example.org");
    await eventually("the old certificate is refused", async () => typeof (await whoami(old)) === "string");
    assert.match((await whoami(old)) as string, /must be logged in to the server/);
  });

  it("tells whoever may not approve which right is missing, and leaves no request behind", async () => {
    await testbed.kubectl([
      "create",
      "clusterrole",
      "asker",
      "--verb=create,get,delete",
      "--resource=certificatesigningrequests.certificates.k8s.io",
    ]);
    await testbed.kubectl(["create", "clusterrolebinding", "asker", "--clusterrole=asker", "--serviceaccount=lab:carol"]);
    const asked = new ClientCertificateProvider().create(inputs(fileOf("carol")));
    await assert.rejects(
      asked,
      /may not approve plexus-test-\w+: .*cannot update resource "certificatesigningrequests\/approval".*"approve" on signers.*type serviceAccount/s,
    );
    assert.doesNotMatch(await testbed.kubectl(["get", "certificatesigningrequests", "-o", "name"]), /plexus-test/);
  });

  it("names the other two credentials where the cluster approves and never signs", async () => {
    await restartControllerManager("--controllers=*,-certificatesigningrequest-signing-controller");
    const asked = new ClientCertificateProvider({ signingMillis: 1000 }).create(inputs(testbed.layout.kubeconfig));
    await assert.rejects(asked, /is approved, but was not signed within 1 s.*EKS.*type serviceAccount, or type certificateAuthority/s);
    assert.doesNotMatch(await testbed.kubectl(["get", "certificatesigningrequests", "-o", "name"]), /plexus-test/);
  });

  /** What the provider is told in the stack, for another request. */
  function inputs(kubeconfig: string): ClientCertificateInputs {
    const state = JSON.parse(stack.state()) as State;
    const request =
      state.checkpoint.latest.resources.find(({ urn }) => urn.endsWith("::alice-request"))?.outputs?.certRequestPem ?? assert.fail();
    return { request, requestName: "plexus-test", ...short, identifier: "test", kubeconfig };
  }

  it("takes everything away on destroy", async () => {
    await stack.operate("destroy");
    assert.equal(await testbed.kubectl(["get", "certificatesigningrequests", "-o", "name"]), "");
    assert.match((await testbed.run("kubectl", ["get", "namespace", "lab"])).output, /NotFound/);
    assert.match((await whoami(path.join(testbed.layout.root, "carol.kubeconfig"))) as string, /must be logged in to the server/);
  });
});
