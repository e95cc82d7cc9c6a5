import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { serializeFunction } from "@pulumi/pulumi/runtime";
import {
  type ClientCertificateInputs,
  ClientCertificateProvider,
  type ClientCertificateState,
} from "../../components/plexus/clientCertificateProvider";
import { projectRoot } from "../../local/paths";
import { selfSignedRoot } from "../certificates";
import { CertificatesApi, type CertificateSigningRequest } from "./certificatesApi";

const hour = 3_600_000;
const start = Date.parse("2030-01-01T00:00:00Z");
const request = "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n";
const asked = { request, requestName: "plexus-alice", expirationSeconds: 36_000, renewBeforeSeconds: 10_800, identifier: "lab" };

/** A certificate that was given `hours` of the ten that were asked for. */
function state(hours: number, changes: Partial<ClientCertificateState> = {}): ClientCertificateState {
  const end = new Date(start + hours * hour).toISOString();
  const issued = { certificate: "", expiry: end, issued: new Date(start).toISOString(), certificateSigningRequest: "plexus-alice-0" };
  return { ...asked, ...issued, ...changes };
}

async function changes(at: number, olds: ClientCertificateState, news: Partial<ClientCertificateInputs> = {}): Promise<boolean> {
  const provider = new ClientCertificateProvider({ now: () => start + at });
  const diff = await provider.diff("id", olds, { ...asked, ...news });
  assert.deepEqual(Object.keys(diff), ["changes"], "never a replacement");
  return diff.changes === true;
}

describe("ClientCertificateProvider", () => {
  let api: CertificatesApi;
  let certificate: string;
  let inputs: ClientCertificateInputs;

  before(async () => {
    certificate = await selfSignedRoot("alice");
  });

  beforeEach(async () => {
    api = await new CertificatesApi().start();
    api.approved = sign;
    inputs = { ...asked, kubeconfig: api.kubeconfig };
  });

  afterEach(() => {
    api.stop();
  });

  function sign(approved: CertificateSigningRequest): void {
    approved.status = { ...approved.status, certificate: Buffer.from(certificate).toString("base64") };
  }

  const create = async (now = start, times = {}): Promise<ClientCertificateState> =>
    (await new ClientCertificateProvider({ now: () => now, ...times }).create(inputs)).outs ?? assert.fail();

  const failure = async (): Promise<string> => {
    const error: unknown = await create(start, { signingMillis: 300 }).catch((reason: unknown) => reason);
    return error instanceof Error ? error.message : assert.fail(String(error));
  };

  describe("diff", () => {
    it("waits until the renewal window begins, and renews from then on", async () => {
      assert.equal(await changes(7 * hour - 1, state(10)), false);
      assert.equal(await changes(7 * hour, state(10)), true);
      assert.equal(await changes(11 * hour, state(10)), true, "after the end too");
    });

    it("shrinks the window with the time that the cluster gave, so that a short certificate is not renewed at each up", async () => {
      assert.equal(await changes(0.7 * hour - 1, state(1)), false);
      assert.equal(await changes(0.7 * hour, state(1)), true);
    });

    it("keeps the window as configured where the cluster gave more time", async () => {
      assert.equal(await changes(17 * hour - 1, state(20)), false);
      assert.equal(await changes(17 * hour, state(20)), true);
    });

    it("heeds a window that is configured later", async () => {
      assert.equal(await changes(5 * hour, state(10), { renewBeforeSeconds: 18_000 }), true);
    });

    it("asks anew for another subject or key, another expiry and another cluster", async () => {
      assert.equal(await changes(0, state(10), { request: "other" }), true);
      assert.equal(await changes(0, state(10), { expirationSeconds: 36_001 }), true);
      assert.equal(await changes(0, state(10), { identifier: "other" }), true);
    });

    it("takes no notice of where the cluster's kubeconfig lies, which differs between machines", async () => {
      assert.equal(await changes(0, state(10), { kubeconfig: "/elsewhere", context: "other", requestName: "other" }), false);
    });
  });

  it("posts the request, approves it and gives the certificate with its end", async () => {
    const issued = await create();
    const name = issued.certificateSigningRequest;
    assert.match(name, /^plexus-alice-[0-9a-f]{16}$/);
    assert.deepEqual(api.asked, ["POST", `GET /${name}`, `PUT /${name}/approval`, `GET /${name}`]);
    assert.deepEqual(api.objects.get(name)?.spec, {
      request: Buffer.from(request).toString("base64"),
      signerName: "kubernetes.io/kube-apiserver-client",
      expirationSeconds: 36_000,
      usages: ["client auth", "digital signature"],
    });
    assert.equal(issued.certificate, certificate);
    assert.equal(Date.parse(issued.expiry), Date.parse(new X509Certificate(certificate).validTo));
    assert.equal(issued.issued, "2030-01-01T00:00:00.000Z");
  });

  it("keeps conditions that others have set", async () => {
    api.approved = (approved) => {
      assert.deepEqual(
        approved.status?.conditions?.map(({ type }) => type),
        ["Audited", "Approved"],
      );
      sign(approved);
    };
    api.posted = (posted) => (posted.status = { conditions: [{ type: "Audited" }] });
    await create();
  });

  it("approves again where somebody else has written to the request meanwhile", async () => {
    api.refusals = { PUT: [{ status: 409, message: "the object has been modified" }] };
    await create();
    assert.equal(api.asked.filter((each) => each.startsWith("PUT")).length, 2);
  });

  it("gives up where that does not end, and leaves nothing behind", async () => {
    api.refusals = { PUT: Array.from({ length: 9 }, () => ({ status: 409, message: "the object has been modified" })) };
    assert.match(await failure(), /^cannot approve plexus-alice-\w+: the object has been modified$/);
    assert.equal(api.objects.size, 0);
  });

  it("renews under another name and deletes the object before", async () => {
    const olds = await create();
    const { outs } = await new ClientCertificateProvider({ now: () => start + hour }).update("id", olds, inputs);
    assert.notEqual(outs?.certificateSigningRequest, olds.certificateSigningRequest);
    assert.deepEqual([...api.objects.keys()], [outs?.certificateSigningRequest]);
  });

  it("renews and deletes where the cluster has collected the object, and deletes where the cluster is gone", async () => {
    const olds = await create();
    api.objects.clear();
    const { outs } = await new ClientCertificateProvider().update("id", olds, inputs);
    await new ClientCertificateProvider().delete("id", outs ?? assert.fail());
    assert.equal(api.objects.size, 0);
    await new ClientCertificateProvider().delete("id", { ...olds, kubeconfig: "/nowhere" });
  });

  it("names the other two credentials where the cluster never signs", async () => {
    api.approved = () => undefined;
    const message = await failure();
    assert.match(
      message,
      /is approved, but was not signed within 0\.3 s: this cluster does not sign for kubernetes\.io\/kube-apiserver-client \(EKS/,
    );
    assert.match(message, /type serviceAccount, or type certificateAuthority/);
    assert.equal(api.objects.size, 0);
  });

  for (const type of ["Denied", "Failed"]) {
    it(`says why a request is ${type}`, async () => {
      api.approved = (approved) => {
        approved.status = { conditions: [{ type: "Approved" }, { type, reason: "SignerValidationFailure", message: "no such usage" }] };
      };
      assert.match(
        await failure(),
        new RegExp(`plexus-alice-\\w+ is ${type}: SignerValidationFailure: no such usage\\. .*type serviceAccount`),
      );
    });
  }

  it("names the right that is missing to create, and the one to approve", async () => {
    api.refusals = { POST: [{ status: 403, message: "no way" }] };
    assert.match(
      await failure(),
      /^may not create plexus-alice-\w+: no way\. Give whoever runs up the verb "create" on certificatesigningrequests/,
    );
    api.refusals = { PUT: [{ status: 403, message: "no way" }] };
    assert.match(
      await failure(),
      /^may not approve .*: no way\..*"update" on certificatesigningrequests\/approval and "approve" on signers/,
    );
  });

  it("says what is wrong with the kubeconfig", async () => {
    inputs = { ...inputs, kubeconfig: "/nowhere/config" };
    assert.match(await failure(), /\/nowhere\/config/);
    inputs = { ...asked, kubeconfig: api.kubeconfig, context: "lost" };
    assert.match(await failure(), /the context lost has no cluster/);
  });

  it("runs from the text that the state keeps of it, in a process of its own, as the engine does it", async () => {
    const provider = new ClientCertificateProvider();
    const { text, containsSecrets } = await serializeFunction(() => provider, { allowSecrets: true });
    assert.equal(containsSecrets, false);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "serialised-"));
    fs.symlinkSync(path.join(projectRoot, "node_modules"), path.join(folder, "node_modules"));
    fs.writeFileSync(path.join(folder, "provider.js"), text);
    const script = `require("./provider.js").handler().create(${JSON.stringify(inputs)}).then(({ outs }) => console.log(JSON.stringify(outs)))`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: folder });
    fs.rmSync(folder, { recursive: true });
    assert.equal((JSON.parse(stdout) as ClientCertificateState).certificate, certificate);
  });
});
