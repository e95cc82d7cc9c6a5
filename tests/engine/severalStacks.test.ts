import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import { exitCode } from "../../automation/exitCode";
import { type CommandReport, commandSchema } from "../../automation/json/commandReport";
import { wantedPlugins } from "../../local/plugins/officialPlugin";
import { installPlugins } from "../pluginHome";
import { ProjectCopy, type Run } from "./projectCopy";
import { breaksVariable } from "./severalStacksProgram";

/** Real processes side by side on the real engine; what the stacks are made of needs no cluster. */
describe("several stacks in one command", () => {
  let project: ProjectCopy;
  let environment: NodeJS.ProcessEnv;

  /** Stacks, each with the one on whose platform it stands. */
  const stacks = { geocube: "platform", farm: "broken", broken: undefined, platform: undefined } as const;
  const all = Object.keys(stacks).flatMap((stack) => ["--stack", stack]);

  before(() => {
    project = new ProjectCopy();
    const index = 'import { program } from "./tests/engine/severalStacksProgram";\nexport = program;\n';
    fs.writeFileSync(path.join(project.root, "index.ts"), index);
    for (const [stack, platform] of Object.entries(stacks)) {
      const config = platform === undefined ? {} : { "trustplane:platform": { stack: platform } };
      fs.writeFileSync(path.join(project.root, `Pulumi.${stack}.yaml`), stringify({ config }));
    }
    const state = path.join(project.root, "state");
    fs.mkdirSync(state);
    const home = path.join(project.root, "home");
    installPlugins(home);
    environment = { PULUMI_BACKEND_URL: pathToFileURL(state).href, PULUMI_CONFIG_PASSPHRASE: "several", PULUMI_HOME: home };
  });

  after(() => {
    project.dispose();
  });

  const run = (script: string, ...args: readonly string[]): Run => project.runWith(environment, script, ...all, ...args);

  /** The one document on stdout, as its schema allows it. */
  function document(ran: Run): CommandReport {
    return commandSchema.parse(JSON.parse(ran.stdout));
  }

  const results = ({ stacks: told }: CommandReport): readonly string[] =>
    told.map(({ stack, result, message = "" }) => `${stack} ${result}${result === "not begun" ? `: ${message}` : ""}`);

  it("makes nothing where the official plugins are neither installed nor to be had, and says how each is installed", () => {
    const home = path.join(project.root, "empty-home");
    const unreachable = { HTTPS_PROXY: "http://127.0.0.1:1", PULUMI_HOME: home };
    const { text } = project.runWith({ ...environment, ...unreachable }, "preview", "--stack", "platform").expect(exitCode.engine);
    for (const { name, version } of wantedPlugins) {
      assert.match(text, new RegExp(`${name} v${version} \\(.+\\)\n[^]*pulumi plugin install resource ${name} v${version}\n`));
    }
    assert.deepEqual(fs.readdirSync(path.join(project.root, "state")), []);
    assert.equal(fs.existsSync(path.join(project.root, ".trustplane", "work")), false);
    assert.equal(fs.readFileSync(path.join(project.root, "Pulumi.platform.yaml"), "utf8"), stringify({ config: {} }));
  });

  it("previews what can be previewed, and says what cannot yet", () => {
    const told = document(run("preview", "--json").expect(exitCode.ok));
    const notYet = (stack: string, platform: string): string => `${stack} not begun: ${platform} is not up yet`;
    assert.deepEqual(results(told), ["broken ok", "platform ok", notYet("geocube", "platform"), notYet("farm", "broken")]);
    assert.equal(told.stacks[1]?.steps[0]?.status, "planned");
  });

  it("keeps those from beginning that stand on one that failed, and tells of all in one document", () => {
    environment[breaksVariable] = "broken";
    const ran = run("up", "--json").expect(exitCode.engine);
    const told = document(ran);
    assert.deepEqual(results(told), ["broken failed", "platform ok", "geocube ok", "farm not begun: broken failed"]);
    const [broken, platform, geocube] = told.stacks;
    assert.match(broken?.message ?? "", /previewing broken failed:\n {2}no storage here/);
    assert.deepEqual([broken?.exitCode, told.result, told.exitCode], [exitCode.engine, "failed", exitCode.engine]);
    assert.deepEqual(platform?.outputs, { platform: "of platform", password: "[secret]" });
    assert.deepEqual(geocube?.outputs, { platform: "of geocube on of platform", password: "[secret]" });
    assert.deepEqual(
      geocube.steps.map(({ op, name, status }) => `${op} ${name} ${status}`),
      ["create default done", "create part done"],
    );
    assert.ok(!ran.text.includes("s3cr3t"));
  });

  it("goes on where it was, with a line for each step behind its stack's name, and a table", () => {
    environment[breaksVariable] = undefined;
    const { text } = run("up").expect(exitCode.ok);
    assert.match(text, /^farm: {5}created several:index:Part part$/m);
    assert.ok(text.search(/^broken: +1 created/m) < text.search(/^farm: +created/m), text);
    assert.match(text, /^platform +0 +0 +0 +0 +2 .* ok$/m);
    assert.match(text, /^farm +2 .* ok$/m);
    assert.match(text, /Outputs of farm:\n {2}password: \[secret\]\n {2}platform: of farm on of broken/);
  });

  it("refreshes and compares side by side", () => {
    for (const script of ["refresh", "drift"]) assert.match(run(script).expect(exitCode.ok).text, /^farm +0 +0 +0 +0 .*ok$/m);
  });

  it("destroys what stands on a platform before it, and names what is protected", () => {
    const told = document(run("destroy", "--yes", "--json").expect(exitCode.ok));
    assert.deepEqual(results(told), ["farm ok", "geocube ok", "platform ok", "broken ok"]);
    const kept = Object.fromEntries(told.stacks.map(({ stack, kept: left }) => [stack, left.map(({ name, why }) => `${name} ${why}`)]));
    assert.deepEqual(kept, { farm: [], geocube: [], platform: ["root protected"], broken: [] });
  });
});
