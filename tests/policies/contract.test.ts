import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { EnforcementLevel } from "@pulumi/pulumi/proto/analyzer_pb";
import { type BuiltPack, buildPacks } from "../../policies/build";
import { packs } from "../../policies/packs";
import { stackVariable } from "../../policies/stackVariable";
import { reports } from "../../policies/packPolicies";
import { caseGroups } from "./cases";
import { PackServer } from "./packServer";
import { deployment, inContainer } from "./podFixture";
import { broken, changed, type Properties, resource } from "./ruleCase";
import { unknownText } from "./unknownValues";

const bad = changed(
  changed(deployment().props as Properties, `${inContainer}.image`, unknownText),
  `${inContainer}.securityContext.privileged`,
  true,
);

const exception = {
  rule: "disallow-privileged",
  resource: "kubernetes:apps/v1:Deployment web",
  reason: "It mounts volumes for the node.",
  owner: "platform team",
  expires: "2999-12-31",
};

/** All that cases of rules set. */
const settings = Object.assign({}, ...caseGroups.flatMap(({ cases }) => cases.map((each) => each.settings ?? {}))) as object;

describe("a pack, started by Pulumi's runner", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "packs-"));
  let built: readonly BuiltPack[];
  const started: PackServer[] = [];

  /** Writes a stack's file into the built pack, and starts it. */
  async function start(name: string, stack: string, enforcement?: object, given: object = {}): Promise<PackServer> {
    const pack = built.find((each) => each.name === name);
    assert.ok(pack);
    if (enforcement) fs.writeFileSync(path.join(pack.folder, `enforcement.${stack}.json`), JSON.stringify(enforcement));
    const server = await PackServer.start(pack.folder, stack, { settings: given });
    started.push(server);
    return server;
  }

  before(() => {
    built = buildPacks(folder);
  });

  after(() => {
    for (const server of started) server.close();
    fs.rmSync(folder, { recursive: true });
  });

  for (const name of ["security", "trust", "reliability"] as const)
    it(`${name} tells the engine its rules`, async () => {
      const info = await (await start(name, "any")).info();
      assert.deepEqual([info.name, info.version, info.supportsconfig], [`trustplane-${name}`, "0.1.0", true]);
      const expected = [...packs[name].map((rule) => rule.name), ...Object.values(reports)].sort();
      assert.deepEqual(info.policiesList.map((policy) => policy.name).sort(), expected);
      const [rule] = packs[name];
      const told = info.policiesList.find((policy) => policy.name === rule?.name);
      assert.equal(told?.url, `docs/policies.md#${rule?.name ?? ""}`);
    });

  it("goes on past an unknown value, and lists it once", async () => {
    const found = await (await start("security", "plain")).analyze({ ...deployment(), props: bad });
    assert.deepEqual(
      found.map(({ policy, level, message }) => [policy, level, message]),
      [
        ["disallow-privileged", "mandatory", "container web runs privileged; securityContext.privileged must be false or absent"],
        [
          "report-undetermined",
          "advisory",
          "not judged, because only the update will know the values: " +
            "require-image-version (spec.template.spec.containers.0.image); require-image-digest (spec.template.spec.containers.0.image); " +
            "require-own-image-digest (spec.template.spec.containers.0.image); limit-image-registries (spec.template.spec.containers.0.image); " +
            "require-image-pull-secrets (spec.template.spec.containers.0.image)",
        ],
      ],
    );
  });

  it("shows what an exception lets pass, of a tenants' stack by its platform's file, and what is unmatched", async () => {
    const other = { ...exception, resource: "kubernetes:apps/v1:Deployment gone" };
    await start("security", "shown", { exceptions: [exception, other] });
    const server = await start("security", "shown-tenants-1");
    const excepted = await server.analyze({ ...deployment(), props: bad });
    assert.deepEqual(
      excepted.slice(0, 1).map(({ policy, level, message }) => [policy, level, message]),
      [
        [
          "report-exceptions",
          "advisory",
          "disallow-privileged: container web runs privileged; securityContext.privileged must be false or absent " +
            "(excepted until 2999-12-31 by platform team: It mounts volumes for the node.)",
        ],
      ],
    );
    const unmatched = (await server.analyzeStack([deployment()])).filter(({ policy }) => policy === "report-unmatched-exceptions");
    assert.deepEqual(
      unmatched.map(({ message }) => message),
      ["exception of disallow-privileged for kubernetes:apps/v1:Deployment gone (platform team) matches nothing; remove it"],
    );
  });

  it("takes levels from the file, and from the engine's own configuration", async () => {
    const server = await start("security", "levels", { levels: { "disallow-privileged": "advisory" } });
    const level = async (): Promise<string | undefined> => {
      const found = await server.analyze({ ...deployment(), props: bad });
      return found.find(({ policy }) => policy === "disallow-privileged")?.level;
    };
    assert.equal(await level(), "advisory");
    await server.configure("disallow-privileged", EnforcementLevel.DISABLED);
    assert.equal(await level(), undefined);
  });

  it("takes the stack from its own variable where the engine names none", async () => {
    const levels = { "disallow-privileged": "disabled" };
    await start("security", "analyzed", { levels });
    const pack = built.find((each) => each.name === "security");
    const server = await PackServer.start(pack?.folder ?? "", "analyzed", { variable: stackVariable });
    started.push(server);
    const found = await server.analyze({ ...deployment(), props: bad });
    assert.deepEqual(
      found.map(({ policy }) => policy),
      ["report-undetermined"],
    );
  });

  it("does not start with a file that is wrong, and says why", async () => {
    const levels = { "disallow-privilege": "advisory" };
    await assert.rejects(
      start("security", "wrong", { levels }),
      /enforcement\.wrong\.json has a problem; no policy was run[^]*did you mean "disallow-privileged"/,
    );
  });

  it("finds a key on its way into a ConfigMap while both are unknown", async () => {
    const server = await start("trust", "flow");
    const key = resource("tls:index/privateKey:PrivateKey", { algorithm: "ED25519", privateKeyPem: unknownText }, { name: "key" });
    const sources = { data: [key.urn] };
    const map = resource("kubernetes:core/v1:ConfigMap", { metadata: { name: "web" }, data: unknownText }, { sources });
    const found = await server.analyzeStack([key, map]);
    assert.deepEqual(
      found.filter(({ level }) => level === "mandatory").map(({ policy, message, urn }) => [policy, message, urn]),
      [["disallow-secret-flow", "the secret of key reaches data, which everybody reads who may look; keep it in a Secret", map.urn]],
    );
  });

  it("leaves it to the update where an unknown checksum may be why the same property depends on a secret", async () => {
    const server = await start("trust", "checksum");
    const key = resource("tls:index/privateKey:PrivateKey", { algorithm: "ED25519", privateKeyPem: unknownText }, { name: "key" });
    const [args, annotations] = [`${inContainer}.args`, "spec.template.metadata.annotations"];
    const props = changed(changed(deployment().props as Properties, args, [unknownText]), annotations, {
      "example.org/checksum": unknownText,
    });
    const found = await server.analyzeStack([key, { ...deployment(), props, sources: { spec: [key.urn] } }]);
    assert.deepEqual(
      found.filter(({ level }) => level === "mandatory"),
      [],
    );
    assert.match(found.map(({ message }) => message).join("\n"), /only the update will know the values: disallow-secret-flow \(spec/);
  });

  for (const name of ["security", "trust", "reliability"] as const)
    it(`${name} reports what breaks each of its rules`, async () => {
      const server = await start(name, "broken", undefined, settings);
      const own = new Set(packs[name].map((rule) => rule.name));
      const asked = caseGroups.flatMap((group) => group.cases).filter(({ rule }) => own.has(rule.name));
      // the engine never sees what a chart makes
      const cases = asked.filter(({ stack }) => stack.every(({ chart }) => chart === undefined));
      for (const each of cases) {
        const [first, ...rest] = broken(each);
        assert.ok(first);
        const found = "judge" in each.rule ? await server.analyze(first) : await server.analyzeStack([first, ...rest]);
        const messages = found.filter(({ policy }) => policy === each.rule.name).map(({ message }) => message);
        assert.deepEqual(messages, [each.message]);
      }
    });

  it("is compiled, and compiled again only where a source changed", () => {
    const all = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => !name.startsWith("node_modules"));
    assert.deepEqual(
      all.filter((name) => name.endsWith(".ts")),
      [],
    );
    const [rule, kept] = ["policies/rule.js", "policies/reading.js"].map((name) => path.join(folder, name));
    assert.ok(rule !== undefined && kept !== undefined);
    fs.utimesSync(rule, 0, 0);
    fs.writeFileSync(path.join(folder, "policies", "gone.js"), "");
    const before = fs.statSync(kept).ctimeMs;
    buildPacks(folder);
    assert.equal(fs.statSync(kept).ctimeMs, before);
    assert.ok(fs.statSync(rule).mtimeMs > 0 && !fs.existsSync(path.join(folder, "policies", "gone.js")));
  });
});
