import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type KubernetesApi, kubernetesApiOf, kubernetesApiThroughEdge } from "../../components/plexus/kubeconfigCluster";
import { resolved } from "../deployment";

const server = "https://192.0.2.1:6443";

describe("kubernetesApiOf", () => {
  let folder: string;
  const environment = { ...process.env };

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubeconfig-cluster-"));
  });

  afterEach(() => {
    process.env = { ...environment };
    fs.rmSync(folder, { recursive: true });
  });

  /** A kubeconfig whose contexts `main` (the current one) and `lost` have this cluster, and none. */
  function kubeconfig(cluster: Readonly<Record<string, unknown>>): string {
    const file = path.join(folder, "config");
    const content = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "lab", cluster: { server, ...cluster } }],
      users: [{ name: "admin", user: { token: "none" } }],
      contexts: [
        { name: "main", context: { cluster: "lab", user: "admin" } },
        { name: "lost", context: { cluster: "gone", user: "admin" } },
      ],
      "current-context": "main",
    };
    fs.writeFileSync(file, JSON.stringify(content));
    return file;
  }

  const ofCluster = (cluster: Readonly<Record<string, unknown>>, context?: string): KubernetesApi =>
    kubernetesApiOf({ kubeconfig: kubeconfig(cluster), context });

  it("reads address and CA of the context, given or current", () => {
    const data = { "certificate-authority-data": Buffer.from("CA").toString("base64"), "tls-server-name": "kubernetes" };
    const expected = { server, certificateAuthority: "CA", tlsServerName: "kubernetes" };
    assert.deepEqual(ofCluster(data), expected);
    assert.deepEqual(ofCluster(data, "main"), expected);
  });

  it("reads the CA from the file that the kubeconfig names, which may lie beside it", () => {
    fs.writeFileSync(path.join(folder, "ca.crt"), "CA OF A FILE");
    assert.equal(ofCluster({ "certificate-authority": path.join(folder, "ca.crt") }).certificateAuthority, "CA OF A FILE");
    assert.equal(ofCluster({ "certificate-authority": "ca.crt" }).certificateAuthority, "CA OF A FILE");
  });

  it("reads the ambient kubeconfig where none is named", () => {
    process.env.KUBECONFIG = kubeconfig({ "certificate-authority-data": Buffer.from("CA").toString("base64") });
    assert.equal(kubernetesApiOf({}).server, server);
  });

  const refused: readonly (readonly [string, Readonly<Record<string, unknown>>, string | undefined, RegExp])[] = [
    [
      "verifies nothing",
      { "insecure-skip-tls-verify": true },
      undefined,
      /context "main" says insecure-skip-tls-verify: give it the CA of https:\/\/192/,
    ],
    ["has no CA", {}, undefined, /context "main" has no CA: give it the CA/],
    [
      "names a CA that is not there",
      { "certificate-authority": "/nowhere/ca.crt" },
      undefined,
      /names the CA \/nowhere\/ca\.crt, which is not there/,
    ],
    ["has no cluster", {}, "lost", /context "lost" has no cluster/],
    ["is not in the kubeconfig", {}, "other", /context "other" has no cluster.*trustplane:cluster\.context/],
  ];
  for (const [what, cluster, context, message] of refused) {
    it(`refuses a context that ${what}, and names the key that does without`, () => {
      assert.throws(
        () => ofCluster(cluster, context),
        (error: Error) => message.test(error.message) && error.message.endsWith("or set trustplane:plexus.kubernetesApi"),
      );
    });
  }
});

describe("kubernetesApiThroughEdge", () => {
  it("is the published address with the published CA, and sees no client's certificate", async () => {
    const api = kubernetesApiThroughEdge({ address: "192.0.2.7", port: "60443", caBundle: "ROOTS" });
    assert.equal(await resolved(api.server as never), "https://192.0.2.7:60443");
    assert.deepEqual([api.certificateAuthority, api.endsTls], ["ROOTS", true]);
  });
});
