import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { TenantCredential, type TenantCredentialArgs } from "../../components/plexus/tenantCredential";
import { type Deployment, deploy, type Outputs, resolved } from "../deployment";

const life = { expirationSeconds: 7200, renewBeforeSeconds: 3600 };
const clusterAuthority = { certificate: "CA CERTIFICATE", key: pulumi.secret("CA KEY") };
const defaults: TenantCredentialArgs = {
  user: "alice",
  groups: ["readers"],
  namespace: "lab",
  strategy: { type: "certificateSigningRequest", ...life },
  kubernetesApi: { server: "https://192.0.2.1:6443", certificateAuthority: "SERVER CA" },
  cluster: { identifier: "test", kubeconfig: "/etc/kubeconfig", context: "admin" },
};

const account: Partial<TenantCredentialArgs> = { strategy: { type: "serviceAccount" }, groups: [] };
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const outputs: Outputs = {
  "tls:index/privateKey:PrivateKey": () => ({ privateKeyPem: "KEY" }),
  "tls:index/certRequest:CertRequest": () => ({ certRequestPem: "REQUEST" }),
  "tls:index/locallySignedCert:LocallySignedCert": () => ({ certPem: "SIGNED", validityEndTime: "2031-01-01T00:00:00Z" }),
  "pulumi-nodejs:dynamic/plexus:ClientCertificate": () => ({ certificate: "ISSUED", expiry: "2030-01-01T00:00:00Z" }),
  "kubernetes:core/v1:ServiceAccount": () => ({}),
  "kubernetes:core/v1:Secret": () => ({ data: { token: base64("TOKEN") } }),
};

function credential(changes: Partial<TenantCredentialArgs> = {}, more: Outputs = {}): Promise<Deployment<TenantCredential>> {
  return deploy(() => new TenantCredential("team", { ...defaults, ...changes }), { ...outputs, ...more });
}

function children({ resources }: Deployment<unknown>): string[] {
  return resources
    .filter(({ type }) => !type.startsWith("pulumi:") && !type.startsWith("trustplane:"))
    .map(({ type, name }) => `${type} ${name}`)
    .sort();
}

/** What was given; the SDK registers the outputs too, as undefined. */
function given({ get }: Deployment<unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(get(name).inputs).filter(([, value]) => value !== undefined));
}

async function userOf({ result }: Deployment<TenantCredential>): Promise<unknown> {
  const { users } = JSON.parse(await resolved(result.kubeconfig)) as { users: readonly { user: unknown }[] };
  return users[0]?.user;
}

async function refusal(changes: Partial<TenantCredentialArgs>): Promise<string> {
  const error: unknown = await credential(changes).catch((reason: unknown) => reason);
  assert.ok(error instanceof pulumi.InputPropertiesError, String(error));
  return (error as unknown as { errors: readonly { propertyPath: string; reason: string }[] }).errors
    .map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`)
    .join("\n");
}

describe("TenantCredential", () => {
  describe("with a certificate that the cluster signs", () => {
    it("is a key, a request and the certificate", async () => {
      assert.deepEqual(children(await credential()), [
        "pulumi-nodejs:dynamic/plexus:ClientCertificate team-certificate",
        "tls:index/certRequest:CertRequest team-request",
        "tls:index/privateKey:PrivateKey team-key",
      ]);
    });

    it("asks for the user with its group, by a key that is an elliptic curve's", async () => {
      const deployment = await credential();
      assert.deepEqual(given(deployment, "team-key"), { algorithm: "ECDSA", ecdsaCurve: "P256" });
      assert.deepEqual(deployment.get("team-request").inputs["subject"], { commonName: "alice", organization: "readers" });
    });

    it("hands the provider nothing that is secret", async () => {
      const { __provider, ...inputs } = given(await credential(), "team-certificate");
      assert.match(__provider as string, /certificatesigningrequests/);
      const cluster = { identifier: "test", kubeconfig: "/etc/kubeconfig", context: "admin" };
      assert.deepEqual(inputs, { request: "REQUEST", requestName: "plexus-alice", ...life, ...cluster });
    });

    it("names the request after what of the user a name can hold", async () => {
      for (const [user, requestName] of [
        ["Alice.Smith@example.org", "plexus-alice-smith-example-org"],
        ["Ωλ", "plexus"],
        ["a".repeat(64), `plexus-${"a".repeat(60)}`],
      ] as const) {
        assert.equal((await credential({ user })).get("team-certificate").inputs["requestName"], requestName);
      }
    });

    it("is a User, who has the certificate and its key, to its end", async () => {
      const deployment = await credential();
      assert.deepEqual(deployment.result.subject, { kind: "User", name: "alice" });
      assert.deepEqual(await userOf(deployment), { "client-certificate-data": base64("ISSUED"), "client-key-data": base64("KEY") });
      assert.equal(await resolved(deployment.result.expiry), "2030-01-01T00:00:00Z");
    });
  });

  describe("with a certificate that the stack signs", () => {
    const signed = { strategy: { type: "certificateAuthority", ...life }, clusterAuthority } as const;

    it("is a key, a request and the certificate, for clients alone and renewed in time", async () => {
      const deployment = await credential(signed);
      assert.deepEqual(children(deployment), [
        "tls:index/certRequest:CertRequest team-request",
        "tls:index/locallySignedCert:LocallySignedCert team-certificate",
        "tls:index/privateKey:PrivateKey team-key",
      ]);
      assert.deepEqual(given(deployment, "team-certificate"), {
        certRequestPem: "REQUEST",
        caCertPem: "CA CERTIFICATE",
        caPrivateKeyPem: "CA KEY",
        validityPeriodHours: 2,
        earlyRenewalHours: 1,
        allowedUses: ["digital_signature", "client_auth"],
      });
    });

    it("is a User, who has the certificate and its key, to its end", async () => {
      const deployment = await credential(signed);
      assert.deepEqual(deployment.result.subject, { kind: "User", name: "alice" });
      assert.deepEqual(await userOf(deployment), { "client-certificate-data": base64("SIGNED"), "client-key-data": base64("KEY") });
      assert.equal(await resolved(deployment.result.expiry), "2031-01-01T00:00:00Z");
    });
  });

  describe("with a ServiceAccount", () => {
    it("is the account, which pods do not get by themselves, and its token", async () => {
      const deployment = await credential(account);
      assert.deepEqual(children(deployment), [
        "kubernetes:core/v1:Secret team-token",
        "kubernetes:core/v1:ServiceAccount team-service-account",
      ]);
      const { metadata, automountServiceAccountToken } = deployment.get("team-service-account")
        .inputs as k8s.types.input.core.v1.ServiceAccount;
      assert.equal(automountServiceAccountToken, false);
      assert.deepEqual([(metadata as { name: string }).name, (metadata as { namespace: string }).namespace], ["alice", "lab"]);
      const secret = deployment.get("team-token").inputs as { type: string; metadata: Record<string, unknown>; data?: unknown };
      assert.equal(secret.type, "kubernetes.io/service-account-token");
      assert.deepEqual(
        [secret.metadata["name"], secret.metadata["annotations"]],
        ["alice-token", { "kubernetes.io/service-account.name": "alice" }],
      );
      assert.equal(secret.data, undefined, "the cluster writes it");
    });

    it("is a ServiceAccount to RBAC, in its namespace, and has no end", async () => {
      const deployment = await credential(account);
      assert.deepEqual(deployment.result.subject, { kind: "ServiceAccount", name: "alice", namespace: "lab" });
      assert.deepEqual(await userOf(deployment), { token: "TOKEN" });
      assert.equal(await resolved(deployment.result.expiry), undefined);
    });
  });

  it("is a secret with everything that kubectl needs, whatever it is made of", async () => {
    for (const changes of [{}, account]) {
      const { result } = await credential({ ...changes, kubernetesApi: { ...defaults.kubernetesApi, tlsServerName: "kubernetes" } });
      assert.equal(await pulumi.isSecret(result.kubeconfig), true);
      const kubeconfig = JSON.parse(await resolved(result.kubeconfig)) as Record<string, unknown>;
      assert.equal(kubeconfig["current-context"], "alice@test");
      assert.deepEqual(kubeconfig["contexts"], [
        { name: "alice@test", context: { cluster: "test", user: "alice@test", namespace: "lab" } },
      ]);
      const cluster = {
        server: "https://192.0.2.1:6443",
        "tls-server-name": "kubernetes",
        "certificate-authority-data": base64("SERVER CA"),
      };
      assert.deepEqual(kubeconfig["clusters"], [{ name: "test", cluster }]);
    }
  });

  it("leaves the CA out where a public one signed, so that kubectl takes the machine's", async () => {
    const { result } = await credential({ ...account, kubernetesApi: { server: "https://api.example.org", certificateAuthority: "" } });
    const { clusters } = JSON.parse(await resolved(result.kubeconfig)) as { clusters: readonly { cluster: unknown }[] };
    assert.deepEqual(clusters[0]?.cluster, { server: "https://api.example.org" });
  });

  it("refuses what a certificate cannot say: a second group", async () => {
    assert.match(await refusal({ groups: ["a", "b"] }), /^groups: \["a","b"\] is not allowed: at most one in a certificate/);
  });

  it("refuses what a ServiceAccount cannot be: in a group, or of a name that is no object's", async () => {
    const text = await refusal({ ...account, user: "alice@example.org", groups: ["readers"] });
    assert.match(
      text,
      /^user: "alice@example\.org" is not allowed: a DNS subdomain.*\ngroups: \["readers"\] is not allowed: none where the credential is a ServiceAccount/,
    );
  });

  it("refuses names that Kubernetes keeps for itself, and none at all", async () => {
    assert.match(await refusal({ user: "system:admin", groups: ["system:masters"] }), /^user: .*"system:".*\ngroups: .*system:masters/);
    assert.match(await refusal({ user: "" }), /^user: "" is not allowed/);
    assert.match(await refusal({ ...account, user: "" }), /^user: "" is not allowed: a name that is not empty[^\n]*$/);
  });

  it("refuses lifetimes that nobody gives, or that would be renewed at once", async () => {
    const strategies = [
      { type: "certificateSigningRequest", expirationSeconds: 599, renewBeforeSeconds: 0 },
      { type: "certificateSigningRequest", expirationSeconds: 600, renewBeforeSeconds: 600 },
      { type: "certificateSigningRequest", expirationSeconds: 600.5, renewBeforeSeconds: 1 },
      { type: "certificateAuthority", expirationSeconds: 5400, renewBeforeSeconds: 0 },
    ] as const;
    for (const strategy of strategies)
      assert.match(await refusal({ strategy, clusterAuthority }), /^strategy: .* is not allowed: whole (seconds|hours), 600 s at least/);
  });

  it("refuses to sign without the CA's key, and to send a certificate where TLS ends before the API server", async () => {
    const kubernetesApi = { ...defaults.kubernetesApi, endsTls: true };
    const text = await refusal({ strategy: { type: "certificateAuthority", ...life }, kubernetesApi });
    assert.match(text, /^clusterAuthority: absent, but .*\nkubernetesApi: ends TLS before .*choose serviceAccount/);
    assert.deepEqual(await userOf(await credential({ ...account, kubernetesApi })), { token: "TOKEN" });
  });
});
