import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { chartArchive } from "../../local/realCharts";
import { ControlPlaneTestbed } from "./controlPlaneTestbed";

/** What the definitions accept of a Certificate, and the webhook does not, in its own words. */
const refused: Readonly<Record<string, readonly [more: object, words: RegExp]>> = {
  "without a name": [{}, /at least one of commonName .*dnsNames.* must be set/],
  "with an IP address that is none": [{ ipAddresses: ["192.0.2.256"] }, /spec\.ipAddresses\[0\]: Invalid value: "192\.0\.2\.256"/],
  "with an ECDSA key of a size that is none": [
    { dnsNames: ["a.test"], privateKey: { algorithm: "ECDSA", size: 300 } },
    /spec\.privateKey\.size: Unsupported value: 300: supported values: 256, 384, 521|spec\.privateKey\.size: .*300/,
  ],
  "of an issuer of a kind that is none": [
    { dnsNames: ["a.test"], issuerRef: { group: "cert-manager.io", kind: "Isuer", name: "root" } },
    /spec\.issuerRef\.kind: Invalid value: "Isuer"/,
  ],
  "renewed before it begins": [{ dnsNames: ["a.test"], duration: "1h", renewBefore: "2h" }, /spec\.renewBefore: Invalid value/],
  "shorter than an hour": [{ dnsNames: ["a.test"], duration: "10m" }, /spec\.duration: Invalid value/],
};

describe("the charts on the embedded control plane", () => {
  let testbed: ControlPlaneTestbed;

  before(async () => {
    testbed = await ControlPlaneTestbed.create();
    await testbed.ensure();
  });

  after(async () => {
    await testbed.dispose();
  });

  async function helm(...args: readonly string[]): Promise<string> {
    const { code, output } = await testbed.run("helm", args);
    assert.equal(code, 0, output);
    return output;
  }

  async function install(name: string, release: string, namespace: string, values: object): Promise<void> {
    const { code, output } = await testbed.run(
      "helm",
      [
        "install",
        release,
        chartArchive(name),
        "--namespace",
        namespace,
        "--create-namespace",
        "--wait",
        "--wait-for-jobs",
        "--values",
        "-",
      ],
      JSON.stringify(values),
    );
    assert.equal(code, 0, output);
  }

  async function apply(...items: readonly object[]): Promise<void> {
    await testbed.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  }

  const certManagerValues = {
    crds: { enabled: true, keep: true },
    global: { leaderElection: { namespace: "cert-manager" } },
    replicaCount: 2,
    podDisruptionBudget: { enabled: true, minAvailable: 1 },
  };

  const certificate = (name: string, namespace: string, issuer: string, more: object): object => ({
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name, namespace },
    spec: {
      secretName: name,
      privateKey: { algorithm: "ECDSA", size: 256 },
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
      ...more,
    },
  });

  const issuer = (name: string, spec: object): object => ({
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name },
    spec,
  });

  async function secretEntry(namespace: string, name: string, key: string): Promise<string> {
    const jsonPath = `jsonpath={.data.${key.replace(".", "\\.")}}`;
    return Buffer.from(await testbed.kubectl(["get", "secret", name, "-n", namespace, "-o", jsonPath]), "base64").toString();
  }

  async function assertIssues(leaf: string): Promise<void> {
    await apply(
      issuer("self-signed", { selfSigned: {} }),
      certificate("root", "cert-manager", "self-signed", { isCA: true, commonName: "Test Root" }),
      issuer("root", { ca: { secretName: "root" } }),
      certificate(leaf, "default", "root", { dnsNames: ["edge.test"], ipAddresses: ["192.0.2.7"] }),
    );
    await testbed.kubectl(["wait", "--for=condition=Ready", `certificate/${leaf}`, "--timeout=300s"]);
    const [end, root] = await Promise.all([secretEntry("default", leaf, "tls.crt"), secretEntry("cert-manager", "root", "tls.crt")]);
    const signed = new X509Certificate(end);
    const authority = new X509Certificate(root);
    assert.ok(signed.verify(authority.publicKey) && signed.checkIssued(authority));
    assert.equal(signed.checkHost("edge.test"), "edge.test");
    assert.equal(signed.checkIP("192.0.2.7"), "192.0.2.7");
  }

  it("installs cert-manager's own chart, which ends when its webhook answers", async () => {
    await install("cert-manager", "cert-manager", "cert-manager", certManagerValues);
    const names = await testbed.kubectl(["get", "deployment,service", "-n", "cert-manager", "-o", "name"]);
    const three = ["cert-manager", "cert-manager-cainjector", "cert-manager-webhook"];
    assert.deepEqual(names.split("\n"), [...three.map((name) => `deployment.apps/${name}`), ...three.map((name) => `service/${name}`)]);
    await testbed.kubectl(
      ["create", "--dry-run=server", "-f", "-"],
      JSON.stringify(certificate("good", "default", "root", { dnsNames: ["a.test"] })),
    );
    assert.match(
      await helm("get", "hooks", "cert-manager", "-n", "cert-manager"),
      /kind: Job\n(.*\n)*?\s+name: cert-manager-startupapicheck/,
    );
    assert.equal(await testbed.kubectl(["get", "pdb", "-n", "cert-manager", "-o", "name"]), "poddisruptionbudget.policy/cert-manager");
  });

  it("has the webhook called by its Service, under the CA that cert-manager made", async () => {
    for (const kind of ["validatingwebhookconfiguration", "mutatingwebhookconfiguration"]) {
      await testbed.reads([kind, "cert-manager-webhook"], ".webhooks[0].clientConfig.service.name", "cert-manager-webhook");
      await testbed.reads([kind, "cert-manager-webhook"], ".webhooks[0].clientConfig.caBundle", /^LS0t/);
    }
  });

  it("has cert-manager's own definitions, which refuse a Certificate without a Secret and an unknown key", async () => {
    const incomplete = certificate("bad", "default", "root", { secretName: undefined });
    const unknown = certificate("bad", "default", "root", { dnsNmes: ["edge.test"] });
    const { output } = await testbed.run("kubectl", ["create", "-f", "-"], JSON.stringify(incomplete));
    assert.match(output, /spec\.secretName: Required value/);
    assert.match((await testbed.run("kubectl", ["create", "-f", "-"], JSON.stringify(unknown))).output, /unknown field "spec\.dnsNmes"/);
  });

  for (const [what, [more, words]] of Object.entries(refused))
    it(`refuses a Certificate ${what} at once, in the webhook's words`, async () => {
      const { code, output } = await testbed.run(
        "kubectl",
        ["create", "-f", "-"],
        JSON.stringify(certificate("bad", "default", "root", more)),
      );
      assert.equal(code, 1, output);
      assert.match(output, /admission webhook "webhook\.cert-manager\.io" denied the request/);
      assert.match(output, words);
    });

  it("refuses an issuer that issues in no way, and one that does in two", async () => {
    for (const [spec, words] of [
      [{}, /spec: Required value: at least one issuer must be configured/],
      [{ selfSigned: {}, ca: { secretName: "root" } }, /may not specify more than one issuer type/],
    ] as const)
      assert.match((await testbed.run("kubectl", ["create", "-f", "-"], JSON.stringify(issuer("bad", spec)))).output, words);
  });

  it("has certificates really issued: the chain verifies", async () => {
    await assertIssues("leaf");
  });

  it("keeps the definitions when it is uninstalled, takes them over when it is installed again, and still issues", async () => {
    await helm("uninstall", "cert-manager", "-n", "cert-manager", "--wait");
    assert.equal((await testbed.kubectl(["get", "crd", "-o", "name"])).split("\n").length, 6);
    await install("cert-manager", "cert-manager", "cert-manager", { ...certManagerValues, crds: { enabled: true, keep: false } });
    await assertIssues("leaf-after-reinstallation");
  });

  it("removes the definitions where they are not kept, and issues again once they are back", async () => {
    await helm("uninstall", "cert-manager", "-n", "cert-manager", "--wait");
    assert.equal(await testbed.kubectl(["get", "crd", "-o", "name"]), "");
    await install("cert-manager", "cert-manager", "cert-manager", certManagerValues);
    await assertIssues("leaf-of-new-definitions");
  });

  it("answers again after the process that plays it was killed", async () => {
    await testbed.kill("cert-manager");
    const { output } = await testbed.run("kubectl", ["create", "-f", "-"], JSON.stringify(certificate("bad", "default", "root", {})));
    assert.match(output, /failed calling webhook "webhook\.cert-manager\.io"/);
    await testbed.ensure();
    await assertIssues("leaf-after-a-restart");
  });

  it("installs ingress-nginx with its own class, ports, arguments and an address", async () => {
    const controller = {
      ingressClass: "nginx-internal",
      ingressClassResource: { name: "nginx-internal", controllerValue: "k8s.io/nginx-internal", enabled: true, default: false },
      hostPort: { enabled: true, ports: { http: 6080, https: 60443 } },
      service: { type: "LoadBalancer", enableHttp: false, ports: { https: 60443 } },
      extraArgs: { "default-ssl-certificate": "ingress/leaf" },
      publishService: { enabled: false },
      admissionWebhooks: { enabled: false },
    };
    await install("ingress-nginx", "internal", "ingress", { controller });
    const deployment = ["deployment", "internal-ingress-nginx-controller", "-n", "ingress"];
    await testbed.reads(["ingressclass", "nginx-internal"], ".spec.controller", "k8s.io/nginx-internal");
    await testbed.reads(deployment, ".spec.template.spec.containers[0].ports[*].hostPort", "6080 60443");
    await testbed.reads(deployment, ".spec.template.spec.containers[0].args", /"--default-ssl-certificate=ingress\/leaf"/);
    const service = ["service", "internal-ingress-nginx-controller", "-n", "ingress"];
    await testbed.reads(service, ".spec.ports[*].port", "60443");
    await testbed.reads(service, ".status.loadBalancer.ingress[0].ip", "127.0.0.2");
  });

  it("refuses a key that Datashim's does not know", async () => {
    const datashim = path.join(projectRoot, "local", "charts", "datashim");
    const values = JSON.stringify({ "csi-s3-chart": { toleration: [] } });
    const { code, output } = await testbed.run("helm", ["template", "release", datashim, "--values", "-"], values);
    assert.equal(code, 1);
    assert.match(output, /additional properties 'toleration' not allowed/);
  });
});
