import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ownPlatform, problemAt, readWith, refusalOf } from "./stackConfig";

const root = path.resolve(__dirname, "../..");
const cluster = { identifier: "lab" };

describe("readConfig", () => {
  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));

  it("gives every section its defaults, and nothing of a system whose section is absent", async () => {
    assert.deepEqual(await readWith({ cluster }), {
      cluster: { identifier: "lab", kubeconfig: undefined, preflight: true },
      platform: {
        type: "own",
        certManager: {
          install: true,
          namespace: "cert-manager",
          chart: undefined,
          crds: { keep: true },
          podSecurity: "restricted",
          replicas: 1,
          values: {},
        },
        certificateAuthority: {
          source: {
            type: "generated",
            generation: 1,
            retire: 0,
            validityHours: 87_600,
            commonName: "trustplane private CA",
            organization: "trustplane",
          },
          protect: false,
          trustBundle: { namespaces: [], publicRoots: false },
        },
        ingressNginx: undefined,
      },
      interlink: undefined,
      ponos: undefined,
      plexus: undefined,
      geocube: undefined,
      workers: undefined,
      leaves: [],
    });
  });

  it("exposes the ingress on the host ports 6080 and 60443 unless told otherwise", async () => {
    const certificate = { ipAddresses: ["192.0.2.1"] };
    const { ingressNginx } = ownPlatform(await readWith({ cluster, ingressNginx: { certificate } }));
    assert.deepEqual(ingressNginx?.exposure, { type: "hostPort", http: 6080, https: 60_443, nodeSelector: {}, tolerations: [] });
    assert.deepEqual(ingressNginx.certificate, { dnsNames: [], ipAddresses: ["192.0.2.1"], duration: "2160h" });
  });

  it("puts the load balancer's address into the certificate", async () => {
    const exposure = { type: "loadBalancer", address: "192.0.2.10" };
    const { ingressNginx } = ownPlatform(await readWith({ cluster, ingressNginx: { exposure } }));
    assert.deepEqual(ingressNginx?.certificate.ipAddresses, ["192.0.2.10"]);
  });

  it("counts relative paths from the project's folder and ~/ from the home folder", async () => {
    const charts = fs.mkdtempSync(path.join(os.tmpdir(), "chart-"));
    fs.writeFileSync(path.join(charts, "Chart.yaml"), "name: cert-manager\n");
    const read = await readWith({ cluster: { ...cluster, kubeconfig: "some/config" }, certManager: { chart: charts } });
    assert.equal(read.cluster.kubeconfig, path.join(root, "some/config"));
    assert.equal(ownPlatform(read).certManager.chart, charts);
    assert.equal((await readWith({ cluster: { ...cluster, kubeconfig: "~/k" } })).cluster.kubeconfig, path.join(os.homedir(), "k"));
    fs.rmSync(charts, { recursive: true });
  });

  it("stands on another stack's platform, and makes none of its own", async () => {
    assert.deepEqual((await readWith({ cluster, platform: { stack: "prod" } })).platform, { type: "stack", stack: "prod" });
    const error = await refusalOf({ cluster, platform: { stack: "prod" }, certManager: {}, certificateAuthority: { validity: "1h" } });
    assert.deepEqual(
      error.problems.map(({ path: at }) => at),
      ["trustplane:certificateAuthority", "trustplane:certManager"],
    );
    assert.match(problemAt(error, "trustplane:certManager").wayOut, /move it to that stack/);
  });

  it("names every problem at once, each with path, found value, allowed values and the way out", async () => {
    const error = await refusalOf({
      cluster: { identifer: "lab", context: 3 },
      certManger: {},
      certificateAuthority: { validity: "100y", generation: 2, retire: 2, trustBundle: { namespaces: ["ok", "Bad"] } },
      ingressNginx: { exposure: { type: "hostPort", http: 60_443 }, replicas: "2" },
    });
    assert.deepEqual(error.problems.map(({ path: at }) => at).sort(), [
      "trustplane:certManger",
      "trustplane:certificateAuthority.retire",
      "trustplane:certificateAuthority.trustBundle.namespaces[1]",
      "trustplane:certificateAuthority.validity",
      "trustplane:cluster.context",
      "trustplane:cluster.identifer",
      "trustplane:cluster.identifier",
      "trustplane:ingressNginx.certificate",
      "trustplane:ingressNginx.exposure.https",
      "trustplane:ingressNginx.replicas",
    ]);
    for (const { path: at, found, allowed, wayOut } of error.problems) {
      assert.ok(error.message.includes(`  ${at}\n    found:    ${found}\n    allowed:  ${allowed}\n    way out:  ${wayOut}`), at);
    }
    assert.match(error.message, /^The configuration of stack lab has 10 problems; nothing was created\.\n/);
  });

  it("reports contradictions beside wrong values, but not those that a wrong value only seems to make", async () => {
    const both = await refusalOf({ cluster, certificateAuthority: { protect: "no", generation: 2, retire: 2 } });
    assert.deepEqual(
      both.problems.map(({ path: at }) => at),
      ["trustplane:certificateAuthority.protect", "trustplane:certificateAuthority.retire"],
    );
    const one = await refusalOf({ cluster, certificateAuthority: { generation: "2", retire: 1 } });
    assert.deepEqual(
      one.problems.map(({ path: at }) => at),
      ["trustplane:certificateAuthority.generation"],
    );
    const name = await refusalOf({ cluster, ingressNginx: { certificate: { ipAddresses: ["192.0.2.999"] } } });
    assert.deepEqual(
      name.problems.map(({ path: at }) => at),
      ["trustplane:ingressNginx.certificate.ipAddresses[0]"],
    );
  });

  it("shows nothing of a section that holds a secret", async () => {
    const chart = "hidden/chart";
    const error = await refusalOf({ cluster, certManager: { chart, values: { password: "hidden" } } }, ["certManager"]);
    assert.equal(problemAt(error, "trustplane:certManager.chart").found, "[secret]");
    assert.ok(!error.message.includes("hidden"));
  });

  it("shows no value of an unknown key, which may be a secret under a wrong name", async () => {
    const error = await refusalOf({ cluster, certificateAuthorityKy: "hidden" });
    assert.match(problemAt(error, "trustplane:certificateAuthorityKy").wayOut, /did you mean "certificateAuthorityKey"\?/);
    assert.ok(!error.message.includes("hidden"));
  });

  it("ends the program without a stack trace", async () => {
    assert.ok(pulumi.RunError.isInstance(await refusalOf({})));
  });
});
