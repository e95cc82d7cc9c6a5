import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { exitCode } from "../../automation/exitCode";
import { preview } from "../../automation/preview";
import { up } from "../../automation/up";
import { packNames } from "../../policies/packs";
import { keepStrayRejections, type StrayRejections } from "../strayRejections";
import { ProjectCopy } from "./projectCopy";
import { refusalOf, SmallProject } from "./smallProject";

const [random, tls] = ["@pulumi/random", "@pulumi/tls"].map((name) => JSON.stringify(require.resolve(name)));

/** A key and its CA, which is valid for as many hours as JavaScript says; what comes after is JavaScript too. */
function program(hours: string, more = "return {};"): string {
  return `
    const random = require(${random}), tls = require(${tls});
    const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
    const ca = new tls.SelfSignedCert("ca", { privateKeyPem: key.privateKeyPem, isCaCertificate: true, maxPathLength: 0,
      validityPeriodHours: ${hours}, allowedUses: ["cert_signing"], subject: { commonName: "lab" } });
    ${more}`;
}

const tooLong = /limit-ca-validity +the CA is valid for 876000 hours; at most 87600 are allowed/;

describe("policies, by the engine", () => {
  let project: SmallProject;
  let strays: StrayRejections;

  before(() => {
    strays = keepStrayRejections();
    project = new SmallProject();
    for (const name of packNames) {
      const pack = path.join(project.root, "policies", name);
      fs.mkdirSync(pack, { recursive: true });
      fs.writeFileSync(path.join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    }
  });

  after(() => {
    strays.end();
    project.remove();
  });

  const made = (): readonly string[] => {
    const file = path.join(project.root, "state", ".pulumi", "stacks", "small", "one.json");
    return [...fs.readFileSync(file, "utf8").matchAll(/"type": *"((?:tls|random):[^"]+)"/g)].map(([, type = ""]) => type).sort();
  };

  it("stop an update before anything is made, together with what the gate says, in one table", async () => {
    project.program(program("876000"));
    const { code, message } = await refusalOf(up(project.session({ "max-changes": "1" })));
    assert.equal(code, exitCode.policy);
    assert.match(message, /^refused by the gate; nothing was changed\.\nfinding +what +why\npolicy /);
    assert.match(message, tooLong);
    assert.match(message, /\ntoo many changes +change 4 resources +--max-changes is 1\n/);
    assert.match(message, /docs\/policies\.md[^]*the same command with: --max-changes 4$/);
    assert.deepEqual(made(), []);
  });

  it("fail a preview, after it has shown the changes", async () => {
    project.take();
    const { code, message } = await refusalOf(preview(project.session()));
    assert.equal(code, exitCode.policy);
    assert.match(message, tooLong);
    assert.match(project.take(), /\+ +create +tls:index\/selfSignedCert:SelfSignedCert ca\n4 to create/);
  });

  it("are in the comment of a preview that they fail", async () => {
    const comment = path.join(project.root, "comment.md");
    await refusalOf(preview(project.session({ comment })));
    assert.match(
      fs.readFileSync(comment, "utf8"),
      /Policies: new in this change \(1 mandatory\)[^]*\*\*mandatory, high\*\* \| `limit-ca-validity`/,
    );
  });

  it("stop an update at what only the update knows, and leave a state that the next run mends", async () => {
    project.program(program("pulumi.runtime.isDryRun() ? 8760 : 876000"));
    const { code, message } = await refusalOf(up(project.session()));
    assert.equal(code, exitCode.policy);
    assert.match(message, /^stopped by policies:\n {2}tls:index\/selfSignedCert:SelfSignedCert ca: limit-ca-validity: the CA is valid/);
    assert.match(message, /changes were made and are in the stack's state\. docs\/policies\.md/);
    assert.deepEqual(made(), ["tls:index/privateKey:PrivateKey"]);
    project.program(program("8760"));
    assert.equal(await up(project.session()), exitCode.ok);
    assert.deepEqual(made(), ["tls:index/privateKey:PrivateKey", "tls:index/selfSignedCert:SelfSignedCert"]);
  });

  it("judge the new state's outputs, and never show what is wrong with them", async () => {
    project.take();
    const more = `const password = new random.RandomPassword("password", { length: 24 });
      return { loginPassword: pulumi.unsecret(password.result), kept: password.result };`;
    project.program(program("8760", more));
    assert.equal(await up(project.session()), exitCode.policy);
    const printed = project.take();
    assert.match(printed, /disallow-secret-flow +output loginPassword +a credential in the clear/);
    assert.doesNotMatch(printed, /output kept/);
  });
});

describe("policies, on a cluster", () => {
  let project: ProjectCopy;

  before(() => {
    project = new ProjectCopy([], { policies: true });
  });

  after(() => {
    project.dispose();
  });

  const file = (): string => path.join(project.root, "policies", "trust", "enforcement.dev.json");
  const namespaces = async (): Promise<readonly (string | undefined)[]> => {
    const config = new KubeConfig();
    config.loadFromFile(project.kubeconfig);
    return (await config.makeApiClient(CoreV1Api).listNamespace()).items.map(({ metadata }) => metadata?.name).sort();
  };

  it("stop a stack that violates them with nothing made", async () => {
    project.configure({ "trustplane:certificateAuthority.validity": "876000h" });
    const run = project.run("up").expect(exitCode.policy);
    assert.match(run.text, tooLong);
    assert.deepEqual(await namespaces(), ["default", "kube-node-lease", "kube-public", "kube-system"]);
  });

  it("name every mistake of an enforcement file, and run nothing", () => {
    fs.writeFileSync(file(), JSON.stringify({ levels: { "limit-ca-validty": "advisory" } }));
    const run = project.run("preview");
    fs.rmSync(file());
    assert.match(run.text, /enforcement\.dev\.json has a problem; no policy was run[^]*did you mean "limit-ca-validity"/);
    assert.equal(run.code, exitCode.engine);
  });

  it("let pass what an exception with owner and end allows", () => {
    const exception = {
      rule: "limit-ca-validity",
      resource: "tls:index/selfSignedCert:SelfSignedCert private-ca-1-root",
      allow: { hours: [876000] },
      reason: "The site's devices cannot be given another root.",
      owner: "platform team",
      expires: "2999-12-31",
    };
    fs.writeFileSync(file(), JSON.stringify({ exceptions: [exception] }));
    assert.match(project.run("preview").expect(exitCode.ok).text, /policies: \d+ advise something, [1-9]\d* passed by an exception/);
  });
});
