import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { exitCode, Failure } from "../../automation/exitCode";
import { preview } from "../../automation/preview";
import { up } from "../../automation/up";
import { openStack } from "../../automation/workspace";
import { runtimeRoot } from "../../local/paths";
import { CommentServer } from "../unit/commentServer";
import { assertWhole } from "../unit/commentFixture";
import { keepStrayRejections, type StrayRejections } from "../strayRejections";
import { refusalOf, SmallProject } from "./smallProject";

const [random, tls] = ["@pulumi/random", "@pulumi/tls"].map((name) => JSON.stringify(require.resolve(name)));

/** A CA, a password and a component, all of which change with `version`. */
function program(version: number): string {
  return `
    const random = require(${random}), tls = require(${tls});
    const password = new random.RandomPassword("password", { length: ${20 + version}, keepers: { hidden: pulumi.secret("T0PsecretValue${version}"), plain: "p${version}" } });
    const generation = { parent: new pulumi.ComponentResource("trustplane:platform:CaGeneration", "generation") };
    const key = new tls.PrivateKey("ca-key", { algorithm: "ECDSA", ecdsaCurve: "P256" }, generation);
    const root = new tls.SelfSignedCert("ca", { privateKeyPem: key.privateKeyPem, isCaCertificate: true, validityPeriodHours: ${100 + version},
      allowedUses: ["cert_signing"], subject: { commonName: "root ${version}" } }, generation);
    new pulumi.ComponentResource("small:index:Part", "part", { token: pulumi.secret("T0PsecretValue${version}"), trust: root.certPem,
      url: "postgres://me:p4sswordInText@db/x" });
    return { password: password.result, version: ${version} };`;
}

describe("the comment of a preview", () => {
  let project: SmallProject;
  let strays: StrayRejections;

  before(() => {
    strays = keepStrayRejections();
    project = new SmallProject();
  });

  after(() => {
    strays.end();
    project.remove();
  });

  /** The file that a preview wrote. */
  async function commented(
    work: (given: Record<string, string | true>) => Promise<unknown>,
    more: Record<string, true> = {},
  ): Promise<string> {
    const file = path.join(project.root, "comment.md");
    await work({ comment: file, ...more });
    const text = fs.readFileSync(file, "utf8");
    fs.rmSync(file);
    assertWhole(text);
    assert.doesNotMatch(text, /T0Psecret|p4ssword|BEGIN [A-Z ]*PRIVATE KEY|04da6b54/);
    return text;
  }

  it("says on a stack's first preview what is made, with every secret masked", async () => {
    project.program(program(1));
    const text = await commented(async (given) => {
      assert.equal(await preview(project.session(given)), exitCode.ok);
    });
    assert.match(text, /^<!-- trustplane: small\/one -->\n### ✅ Preview of `small\/one`: \d to create\n\nfirst preview of this stack/);
    assert.match(text, /^\| create \| `random:index\/randomPassword:RandomPassword` \| `password` \|/m);
    assert.match(text, /^\+ {3}keepers\.hidden: \[secret\]$/m);
    assert.match(text, /^\+ {3}url: postgres:\/\/me:\[secret\]@db\/x$/m);
    assert.match(
      text,
      /^- \*\*create\*\* `tls:index\/selfSignedCert:SelfSignedCert ca`\n {2}- subject: `CN=root 1`\n {2}- expiry: `101 h after the update`\n/m,
    );
  });

  it("says that nothing changes, shortly", async () => {
    await up(project.session());
    const text = await commented(async (given) => preview(project.session(given)));
    assert.match(
      text,
      /^<!-- trustplane: small\/one -->\n### ✅ Preview of `small\/one`: no changes\n\n\d resources stay as they are · [^\n]+\n$/,
    );
  });

  it("says why something is replaced, what is lost with it, and who depends on it", async () => {
    project.program(program(2));
    const text = await commented(async (given) => preview(project.session(given)));
    assert.match(text, /^### ⚠️ Preview of `small\/one`: 2 to replace, 1 to update$/m);
    assert.match(
      text,
      /^\| replace \| `tls:index\/selfSignedCert:SelfSignedCert` \| `ca` \| `subject`, `validityPeriodHours` \| `subject`, `validityPeriodHours` \|$/m,
    );
    assert.match(text, /^- \*\*replace\*\* `tls:index\/selfSignedCert:SelfSignedCert ca`: what it signed can no longer be renewed by it/m);
    assert.match(
      text,
      / {2}- subject: `CN=root 1` → `CN=root 2`\n {2}- expiry: `\d{4}-\d\d-\d\d` → `102 h after the update`\n {2}- algorithm: `EC prime256v1` → after the update\n {2}- fingerprint: `[0-9a-f]{64}` →/,
    );
    assert.match(text, /^! {3}validityPeriodHours: 101 → 102$/m);
  });

  it("is there when the preview failed, with the error, which stays the exit code's cause", async () => {
    project.program(program(2).replace("return {", "throw new pulumi.RunError('port 70000 is out of range; T0PsecretValue1'); return {"));
    const text = await commented(async (given) => {
      assert.equal((await refusalOf(preview(project.session(given)))).code, exitCode.engine);
    });
    assert.match(text, /^### ❌ Preview of `small\/one` failed$/m);
    assert.match(text, /port 70000 is out of range; \[secret\]/);
  });

  it("hides a secret of the configuration in an error, although no state holds it", async () => {
    const open = await openStack(project.session(), "make");
    const settings = path.join(runtimeRoot, "work", "one", "Pulumi.one.yaml");
    const command = ["config", "set", "--secret", "small:seed", "s33d0fTheFarm", "--stack", "one"];
    execFileSync(open.engine.cli.command, command, {
      cwd: path.dirname(settings),
      env: { ...process.env, ...open.stack.workspace.envVars },
    });
    fs.copyFileSync(settings, path.join(project.root, "Pulumi.one.yaml"));
    project.program("throw new pulumi.RunError('cannot log in as ' + new pulumi.Config('small').require('seed'));");
    const text = await commented((given) => refusalOf(preview(project.session(given))));
    assert.match(text, /cannot log in as \[secret\]/);
  });

  it("is there when the preview could not even begin", async () => {
    const passphrase = process.env.PULUMI_CONFIG_PASSPHRASE;
    process.env.PULUMI_CONFIG_PASSPHRASE = "other";
    const text = await commented((given) => refusalOf(preview(project.session(given))));
    process.env.PULUMI_CONFIG_PASSPHRASE = passphrase;
    assert.match(text, /### ❌ Preview of `small\/one` failed[^]*the passphrase in PULUMI_CONFIG_PASSPHRASE .* is wrong/);
  });

  it("has stdout to itself where it goes there", async () => {
    project.program(program(2));
    project.take();
    await preview(project.session({ comment: "-" }));
    const printed = project.take();
    assert.ok(printed.startsWith("<!-- trustplane: small/one -->"), printed);
    assertWhole(`${printed}\n`);
  });

  it("is posted, and posted again in its place", async () => {
    const server = await new CommentServer().start();
    const event = path.join(project.root, "event.json");
    fs.writeFileSync(event, JSON.stringify({ pull_request: { number: 12, head: { sha: "feedc0de".repeat(5) } } }));
    Object.assign(process.env, {
      GITHUB_ACTIONS: "true",
      GITHUB_TOKEN: "ghs_none",
      GITHUB_REPOSITORY: "lab/platform",
      GITHUB_EVENT_PATH: event,
      GITHUB_API_URL: server.address,
      GITHUB_GRAPHQL_URL: `${server.address}/graphql`,
    });
    await commented((given) => preview(project.session(given)), { post: true });
    project.program(program(1));
    const text = await commented((given) => preview(project.session(given)), { post: true });
    await server.stop();
    assert.deepEqual(
      server.comments.map(({ body }) => body),
      [text],
    );
    assert.match(text, /no changes[^]*commit `feedc0defeed`/);
    assert.ok(project.said.some((line) => line.includes("GitHub pull request lab/platform#12: comment updated")));
  });

  it("says where it cannot be written, which does not hide why the preview failed", async () => {
    const comment = path.join(project.root, "absent", "comment.md");
    project.program(program(1));
    assert.match(
      (await refusalOf(preview(project.session({ comment })))).message,
      /--comment .* cannot be written .*Name a file in a folder that exists/,
    );
    project.program("throw new pulumi.RunError('port 70000 is out of range');");
    assert.match((await refusalOf(preview(project.session({ comment })))).message, /port 70000/);
    assert.match(String(project.said.at(-1)), /the comment was not delivered: --comment .* cannot be written/);
  });

  it("is asked for where --post is given alone", async () => {
    const refusal = await refusalOf(preview(project.session({ post: true })));
    assert.ok(refusal instanceof Failure && /Give --comment FILE as well/.test(refusal.message));
  });
});
