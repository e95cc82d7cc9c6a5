import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { exitCode } from "../../automation/exitCode";
import { ClusterReader } from "./clusterReader";
import { certificates } from "./chains";
import { ProjectCopy, type Run } from "./projectCopy";

/** What a tenant without extras has, with a ServiceAccount for its credential. */
const objects = 13;

/** Room for five such tenants, and for what a shard itself may have. */
const shardObjects = 5 * objects + 7;

/** A shard's line of the table without its time: tenants, created, updated, replaced, deleted, unchanged, verdict. */
function row({ stdout }: Run, stack: string): string {
  const cells = stdout.split("\n").find((line) => line.startsWith(`${stack} `)) ?? "";
  const [, ...rest] = cells.trim().split(/ {2,}/);
  return [...rest.slice(0, 6), ...rest.slice(7)].join(" ");
}

/** Tenants in stacks of their own, on the real engine and API server, through their whole life. */
describe("the tenants of a folder", () => {
  let project: ProjectCopy;
  let cluster: ClusterReader;

  const names = Array.from({ length: 12 }, (_, index) => `t${String(index + 1).padStart(2, "0")}`);
  const file = (name: string): string => path.join(project.root, "tenants", `${name}.yaml`);
  const shards = ["dev-tenants-1", "dev-tenants-2", "dev-tenants-3"] as const;

  function tenants(script: string, ...args: readonly string[]): Run {
    return project.run(script, "--tenants", "tenants", ...args);
  }

  const up = (...args: readonly string[]): Run => tenants("up", "--shard-objects", String(shardObjects), ...args);

  /** Says that it is meant that these tenants' namespaces go. */
  const leaving = (...gone: readonly string[]): string[] => gone.flatMap((name) => ["--allow-replace", `plexus-${name}-${name}`]);

  function write(name: string, more: Readonly<Record<string, unknown>> = {}): void {
    fs.writeFileSync(file(name), stringify({ name, credential: { type: "serviceAccount" }, ...more }));
  }

  function placed(...shardsOf: readonly (readonly string[])[]): void {
    const expected = Object.fromEntries(shardsOf.flatMap((each, index) => each.map((name) => [name, index + 1])));
    assert.deepEqual(parse(fs.readFileSync(file("placement"), "utf8")), { dev: expected });
  }

  before(() => {
    project = new ProjectCopy(["plexus"]);
    cluster = new ClusterReader(project.kubeconfig);
    project.configure({ "trustplane:plexus": { storageClass: { existing: "shared" } } });
    fs.mkdirSync(path.dirname(file("")));
    for (const name of names) write(name);
  });

  after(() => {
    project.dispose();
  });

  it("tells every mistake of every file at once, and makes nothing", () => {
    write("t01", { quotas: {} });
    write("t12", { namespaces: ["t02"] });
    fs.writeFileSync(file("t13"), "name: [");
    const { text } = up().expect(exitCode.engine);
    for (const part of [
      "tenants/t01.yaml: quotas",
      'did you mean "quota"?',
      "tenants/t12.yaml: namespaces",
      "tenants/t02.yaml",
      "tenants/t13.yaml",
    ])
      assert.ok(text.includes(part), `no ${part} in:\n${text}`);
    assert.ok(!fs.existsSync(file("placement")) && !fs.existsSync(project.kubeconfig));
    fs.rmSync(file("t13"));
    for (const name of ["t01", "t12"]) write(name);
  });

  it("comes up, the platform first, in three stacks of no more objects than are allowed", () => {
    const run = up().expect(exitCode.ok);
    assert.ok(run.text.indexOf("\nupdating dev:") < run.text.search(/dev-tenants-\d: \d+ created/), run.text);
    // the stack itself is not counted, and the reference to the platform's is read
    const made = [5, 5, 2].map((count) => `${count} ${count * objects + 3} 0 0 0 0 ok`);
    assert.deepEqual(
      shards.map((stack) => row(run, stack)),
      made,
    );
    placed(names.slice(0, 5), names.slice(5, 10), names.slice(10));
  });

  it("has as many objects in a shard's state as it counted", () => {
    const state = path.join(project.root, ".trustplane", "state", ".pulumi", "stacks", "trustplane", "dev-tenants-1.json");
    const { checkpoint } = JSON.parse(fs.readFileSync(state, "utf8")) as { checkpoint: { latest: { resources: readonly unknown[] } } };
    // where no tenant has a certificate, two providers are not needed
    assert.equal(checkpoint.latest.resources.length, shardObjects - 2);
  });

  it("gives every tenant the platform's CA", async () => {
    const bundle = project.outputs()["kubernetesApiCaCrt"];
    for (const name of ["t01", "t12"]) assert.equal(await cluster.trustBundle(name), bundle);
  });

  it("finds the kubeconfig of a tenant wherever it is, also in a clone that has generated nothing yet", () => {
    fs.rmSync(path.join(project.root, ".trustplane", "stacks"), { recursive: true });
    const run = tenants("kubeconfig", "--tenant", "t12", "--out", "-").expect(exitCode.ok);
    assert.match(run.stdout, /"namespace": ?"t12"/);
    assert.match(tenants("kubeconfig", "--tenant", "t122", "--out", "-").expect(exitCode.engine).text, /Did you mean t12\?/);
  });

  it("changes only the shards that one joins and one leaves", () => {
    write("t13");
    fs.rmSync(file("t01"));
    const run = up(...leaving("t01")).expect(exitCode.ok);
    assert.match(run.text, /dev-tenants-3: takes t13/);
    assert.match(run.text, /dev-tenants-1: loses t01/);
    const rest = (count: number): number => count * objects + 3;
    const expected = [`4 0 0 0 ${objects} ${rest(4)} ok`, `5 0 0 0 0 ${rest(5)} ok`, `3 ${objects} 0 0 0 ${rest(2)} ok`];
    assert.deepEqual(
      shards.map((stack) => row(run, stack)),
      expected,
    );
    placed(names.slice(1, 5), names.slice(5, 10), [...names.slice(10), "t13"]);
  });

  it("does not retire a root while a tenant's bundle has no other", async () => {
    project.configure({ "trustplane:certificateAuthority.generation": 2 });
    project.run("up").expect(exitCode.ok);
    assert.equal(certificates((await cluster.trustBundle("t02")) ?? "").length, 1);
    project.configure({ "trustplane:certificateAuthority.retire": 1 });
    assert.match(project.run("up").expect(exitCode.engine).text, /ConfigMap t02\/trustplane-ca-bundle/);
    project.configure({ "trustplane:certificateAuthority.retire": undefined });
  });

  it("brings a new root of the platform to every tenant, and takes a stack away that all have left", async () => {
    for (const name of ["t11", "t12", "t13"]) fs.rmSync(file(name));
    const run = up("--allow-mass-delete", ...leaving("t11", "t12", "t13")).expect(exitCode.ok);
    // of each tenant the bundle's ConfigMap and its component
    const updated = [4, 5].map((count) => `${count} 0 ${2 * count} 0 0 ${count * (objects - 2) + 3} ok`);
    assert.deepEqual(
      shards.slice(0, 2).map((stack) => row(run, stack)),
      updated,
    );
    assert.match(row(run, "dev-tenants-3"), /^0 0 \d+ 0 4\d 0 ok$/);
    placed(names.slice(1, 5), names.slice(5, 10));
    const bundle = project.outputs()["kubernetesApiCaCrt"] as string;
    assert.equal(certificates(bundle).length, 2);
    for (const name of ["t02", "t08"]) assert.equal(await cluster.trustBundle(name), bundle);
  });

  it("does not take the platform away from its tenants", () => {
    assert.match(project.run("destroy").expect(exitCode.gate).text, /2 stacks stand.*dev-tenants-1, dev-tenants-2\./);
  });

  it("destroys the tenants' stacks, then the platform, and leaves nothing", async () => {
    const run = tenants("destroy").expect(exitCode.ok);
    assert.ok(run.text.search(/dev-tenants-2: \d+ deleted/) < run.text.indexOf("\ndestroying dev:"), run.text);
    assert.match(run.text, /nothing of stack dev is left/);
    assert.deepEqual(parse(fs.readFileSync(file("placement"), "utf8")), {});
    assert.deepEqual(await cluster.leftovers(), []);
  });
});
