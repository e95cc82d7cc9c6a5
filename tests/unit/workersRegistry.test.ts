import assert from "node:assert/strict";
import { hashSync } from "bcryptjs";
import { resolved } from "../deployment";
import { problemAt, readWith, refusalOf } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const cluster = { identifier: "lab" };
const certificate = { dnsNames: ["ingress.example.org"] };
const ingressNginx = { exposure: { type: "nodePort", https: 30_443 }, certificate };
const host = "registry.example.org";

const stack = (registry: Section, more: Section = {}): Section => ({
  cluster,
  ingressNginx,
  workers: { registry: { host, ...registry } },
  ...more,
});

async function refusal(registry: Section, at: string, more?: Section): Promise<string> {
  const { found, allowed, wayOut } = problemAt(await refusalOf(stack(registry, more)), `trustplane:workers.registry.${at}`);
  return `${found}; ${allowed}; ${wayOut}`;
}

describe("workers.registry", () => {
  it("needs nothing but a host where the stack has an ingress", async () => {
    const { registry } = (await readWith(stack({}))).workers ?? {};
    assert.ok(registry !== undefined);
    const { namespace, users, storage, exposure, certificate, pullSecrets, delete: deletes, garbageCollection } = registry;
    assert.deepEqual([namespace, users, deletes, garbageCollection], ["image-registry", ["cluster"], false, undefined]);
    assert.deepEqual(storage, { type: "volume", claimName: "image-registry-data", size: "100Gi", accessMode: "ReadWriteOnce" });
    assert.deepEqual(exposure, { type: "ingress", annotations: {}, named: undefined });
    assert.deepEqual(certificate, { type: "issued", duration: "2160h", issuer: undefined, renewBefore: undefined });
    assert.deepEqual(pullSecrets, { name: "image-registry", user: "cluster", namespaces: [] });
  });

  it("takes another ingress by its class, on 443 unless told otherwise", async () => {
    const exposureOf = async (exposure: Section): Promise<unknown> => (await readWith(stack({ exposure }))).workers?.registry?.exposure;
    const named = { className: "public", port: 443 };
    assert.deepEqual(await exposureOf({ type: "ingress", className: "public" }), { type: "ingress", annotations: {}, named });
    assert.match(await refusal({ exposure: { type: "ingress", port: 8443 } }, "exposure.port"), /without className/);
  });

  it("takes a Secret in the leaf's place, alone", async () => {
    const certificate = { secretName: "company-tls" };
    assert.deepEqual((await readWith(stack({ certificate }))).workers?.registry?.certificate, { type: "secret", name: "company-tls" });
    assert.match(
      await refusal({ certificate: { ...certificate, issuer: "letsencrypt" } }, "certificate.issuer"),
      /secretName is "company-tls"/,
    );
  });

  for (const name of ["registry", "registry.svc", "registry.lab.svc.cluster.local"]) {
    it(`refuses ${name} where nodes are to pull from it, and takes it where only pods do`, async () => {
      assert.match(await refusal({ host: name, trustedByNodes: true }, "host"), /nodes' own DNS/);
      await readWith(stack({ host: name }));
    });
  }

  it("takes a host that nodes resolve", async () => {
    await readWith(stack({ trustedByNodes: true }));
  });

  for (const [what, registry, at, words] of [
    ["a host with a port", { host: "registry.example.org:5000" }, "host", /write "registry.example.org"; the port/],
    ["a user twice", { users: ["ci", "ops", "ci"] }, "users[2]", /workers\.registry\.users\[0\] too/],
    ["a colon in a user's name", { users: ["a:b"] }, "users[0]", /a user's name/],
    ["Kubernetes' own namespace", { namespace: "kube-system" }, "namespace", /namespace of its own/],
    ["a volume of nothing", { storage: { type: "volume", size: 0 } }, "storage.size", /more than nothing/],
    ["a schedule of four fields", { garbageCollection: { schedule: "0 3 * *" } }, "garbageCollection.schedule", /five fields of cron/],
    ["an hour that no day has", { garbageCollection: { schedule: "0 24 * * *" } }, "garbageCollection.schedule", /five fields of cron/],
    [
      "a renewal before the beginning",
      { certificate: { renewBefore: "2160h" } },
      "certificate.renewBefore",
      /less than certificate\.duration/,
    ],
    ["an unpinned image", { image: "registry:latest" }, "image", /add the version/],
    ["a pull secret of nobody's login", { pullSecrets: { user: "eve" } }, "pullSecrets.user", /password is known here: cluster/],
    ["nobody's login at all", { users: [] }, "pullSecrets.user", /nothing, and workers\.registry\.users is empty/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      assert.match(await refusal(registry, at), words);
    });
  }

  it("refuses an ingress that the stack does not have, and one whose CA cannot sign for it", async () => {
    assert.match(await refusal({}, "exposure.type", { ingressNginx: undefined }), /trustplane:ingressNginx is absent.*exposure\.className/);
    await readWith(stack({ exposure: { type: "ingress", className: "public" } }, { ingressNginx: undefined }));
    const certificateAuthority = { issuer: { name: "letsencrypt" } };
    assert.match(await refusal({}, "exposure.type", { certificateAuthority }), /"letsencrypt" is a public one/);
    await readWith(stack({ exposure: { type: "loadBalancer" } }, { certificateAuthority }));
  });

  it("refuses a host of the ingress, and a node's port, that another system has", async () => {
    const interlink = { address: host, exposure: { type: "ingress" } };
    const shown = { ...ingressNginx, install: true, certificate: { dnsNames: [host] } };
    assert.match(await refusal({}, "host", { interlink, ingressNginx: shown }), /which trustplane:interlink\.address has too/);
    const nodePort = { exposure: { type: "nodePort", port: 30_443 } };
    assert.match(await refusal(nodePort, "exposure.port"), /which trustplane:ingressNginx\.exposure\.https has too/);
    assert.match(await refusal({ exposure: { type: "nodePort", port: 80 } }, "exposure.port"), /30000/);
  });

  it("refuses a leaf that outlives the CA", async () => {
    const certificateAuthority = { validity: "8760h" };
    assert.match(
      await refusal({ certificate: { duration: "8760h" } }, "certificate.duration", { certificateAuthority }),
      /the CA is valid for 8760h/,
    );
  });

  it("tells everything at once", async () => {
    const { problems } = await refusalOf(
      stack({ host: "registry.svc", trustedByNodes: true, users: ["a", "a"], namespace: "default", size: 1 }),
    );
    const paths = problems.map(({ path }) => path.replace("trustplane:workers.registry.", "")).sort();
    assert.deepEqual(paths, ["host", "namespace", "size", "users[1]"]);
  });
});

describe("the secrets workersRegistryUsers and workersRegistryHtpasswd", () => {
  const keys = ["workersRegistryUsers", "workersRegistryHtpasswd"];
  const bcrypt = (user: string): string => `${user}:${hashSync("hunter2", 4)}`;

  async function problems(secrets: Section, registry: Section = {}, encrypted = keys): Promise<string> {
    const error = await refusalOf(stack(registry, secrets), encrypted);
    assert.ok(!error.message.includes("hunter2") && !/\$2\w\$\d\d/.test(error.message));
    return error.problems.map(({ path, found, allowed, wayOut }) => `${path}; ${found}; ${allowed}; ${wayOut}`).join("\n");
  }

  it("are the registry's users beside those of the section", async () => {
    const secrets = { workersRegistryUsers: '{"ops": "hunter2"}', workersRegistryHtpasswd: `# guests\n${bcrypt("guest")}\n` };
    const { workers } = await readWith(stack({ pullSecrets: { user: "ops" } }, secrets), keys);
    assert.deepEqual(await resolved(workers?.registry?.givenPasswords as never), { ops: "hunter2" });
    assert.match(await resolved(workers?.registry?.htpasswd as never), /guest:/);
  });

  it("are refused in plain text, and where there is no registry", async () => {
    assert.match(await problems({ workersRegistryUsers: '{"ops": "hunter2"}' }, {}, []), /plain text/);
    const unused = await refusalOf({ cluster, workersRegistryUsers: '{"ops": "hunter2"}' }, keys);
    assert.match(problemAt(unused, "trustplane:workersRegistryUsers").allowed, /no workers\.registry/);
  });

  for (const text of ["hunter2", "[]", "{}", '{"ops": 1}', '{"ops": null, "hunter2": "x"}']) {
    it(`are refused where they are no passwords by users: ${text.replace("hunter2", "…")}`, async () => {
      assert.match(await problems({ workersRegistryUsers: text }), /a JSON object of passwords by their users/);
    });
  }

  it("are refused with a password that bcrypt would cut", async () => {
    assert.match(await problems({ workersRegistryUsers: JSON.stringify({ ops: "hunter2".repeat(11) }) }), /1 to 72 bytes/);
    assert.match(await problems({ workersRegistryUsers: '{"ops": ""}' }), /1 to 72 bytes/);
  });

  it("are refused with a user of two passwords", async () => {
    assert.match(await problems({ workersRegistryUsers: '{"cluster": "hunter2"}' }), /a user who stands nowhere else/);
    const both = { workersRegistryUsers: '{"ops": "hunter2"}', workersRegistryHtpasswd: bcrypt("ops") };
    assert.match(await problems(both), /workersRegistryHtpasswd; line 1 \[secret\]; a user who stands nowhere else/);
    const lines = `${bcrypt("guest")}\n\n${bcrypt("guest")}`;
    assert.match(await problems({ workersRegistryHtpasswd: lines }), /line 3 \[secret\]; a user who stands nowhere else/);
  });

  for (const [what, line] of [
    ["SHA-1", "guest:{SHA}5siv5c0SHx681xU6GiSx9ZQryqs="],
    ["apr1", "guest:$apr1$lZL6V/ci$eIMz/iKDkbtys/uU7LEK00"],
    ["none", "guest:hunter2"],
  ] as const) {
    it(`are refused with a hash that is not bcrypt: ${what}`, async () => {
      assert.match(await problems({ workersRegistryHtpasswd: line }), /line 1 \[secret\]; a hash of bcrypt.*htpasswd -nB guest/);
    });
  }

  it("are refused without a line", async () => {
    assert.match(await problems({ workersRegistryHtpasswd: "# nobody\n" }), /no line/);
  });
});
