import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { ShardConfig, shardNumber, shardStackName } from "../../automation/shards/shardConfig";
import { readTenantFolder, TenantsError } from "../../automation/shards/tenantFiles";
import { checkTenants, type Tenant } from "../../automation/shards/tenants";
import { Interrupts } from "../../automation/session";
import { PlacementFile } from "../../automation/shards/placementFile";
import { TenantsRun } from "../../automation/shards/tenantsRun";
import { generatedStackFile } from "../../automation/stackFiles";
import { silentProgress } from "../../local/progress";

const serviceAccount = { type: "serviceAccount" };

/** A project with a platform's stack and a folder of tenants. */
class Project {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), "tenants-"));
  /** Unlike that of any other run, because generated files lie in one folder of the project under test. */
  readonly stack = `unit${process.pid}`;

  constructor() {
    fs.mkdirSync(path.join(this.root, "tenants"));
    this.platform({ cluster: { identifier: "lab" }, plexus: { storageClass: { existing: "shared" } } });
  }

  platform(sections: Readonly<Record<string, unknown>>, keys: Readonly<Record<string, unknown>> = {}): void {
    const config = Object.fromEntries(Object.entries(sections).map(([key, value]) => [`trustplane:${key}`, value]));
    fs.writeFileSync(path.join(this.root, `Pulumi.${this.stack}.yaml`), stringify({ ...keys, config }));
  }

  file(name: string, content: unknown): void {
    fs.writeFileSync(path.join(this.root, "tenants", name), typeof content === "string" ? content : stringify(content));
  }

  get config(): ShardConfig {
    return new ShardConfig(this.root, this.stack);
  }

  check(): readonly Tenant[] {
    return checkTenants(this.stack, readTenantFolder(this.root, "tenants"), this.config);
  }

  /** The problems, `path | found | way out`. */
  problems(): readonly string[] {
    try {
      this.check();
    } catch (error) {
      if (error instanceof TenantsError) return error.problems.map(({ path: at, found, wayOut }) => `${at} | ${found} | ${wayOut}`);
      throw error;
    }
    throw new Error("accepted");
  }

  /** What the generated file of a shard says. */
  written(number: number): Readonly<Record<string, unknown>> {
    return parse(fs.readFileSync(generatedStackFile(shardStackName(this.stack, number)), "utf8")) as Readonly<Record<string, unknown>>;
  }

  remove(): void {
    for (const number of [1, 2]) fs.rmSync(generatedStackFile(shardStackName(this.stack, number)), { force: true });
    fs.rmSync(this.root, { recursive: true });
  }
}

describe("the tenants' files", () => {
  let project: Project;

  beforeEach(() => {
    project = new Project();
  });

  afterEach(() => {
    project.remove();
  });

  it("are read by name, without the placement, hidden files and what is no YAML", () => {
    for (const name of ["b.yaml", "a.yml"]) project.file(name, { name: name.slice(0, 1), credential: serviceAccount });
    for (const name of ["placement.yaml", ".c.yaml", "README.md"]) project.file(name, "nothing: of interest");
    assert.deepEqual(
      project.check().map(({ name, objects, given }) => [name, objects, given]),
      ["a", "b"].map((name) => [name, 13, { name, credential: serviceAccount }]),
    );
  });

  it("are refused with every mistake of every file, each with the file's name", () => {
    project.file("a.yaml", { name: "Astro", credential: serviceAccount });
    project.file("b.yaml", { name: "bio", credential: serviceAccount, namespaces: ["kube-system"] });
    project.file("c.yaml", { credential: { type: "password" } });
    const problems = project.problems();
    assert.match(problems.find((each) => each.startsWith("tenants/a.yaml: name |")) ?? "", /"Astro".*"astro"/);
    assert.match(problems.find((each) => each.startsWith("tenants/b.yaml: namespaces[0] |")) ?? "", /kube-system/);
    assert.ok(problems.some((each) => each.startsWith('tenants/c.yaml: credential.type | "password"')));
    assert.ok(problems.includes("tenants/c.yaml: name | nothing | add it to the file"), problems.join("\n"));
  });

  it("are held against each other, and against the tenants of the platform's own stack", () => {
    const tenants = [{ name: "own", credential: serviceAccount }];
    project.platform({ cluster: { identifier: "lab" }, plexus: { storageClass: { existing: "shared" }, tenants } });
    project.file("a.yaml", { name: "a", user: "u", credential: serviceAccount });
    project.file("b.yaml", { name: "b", user: "u", credential: serviceAccount });
    project.file("own.yaml", { name: "own", credential: serviceAccount });
    const text = project.problems().join("\n");
    assert.match(text, /tenants\/b\.yaml: user.*tenants\/a\.yaml: user/);
    assert.match(text, new RegExp(`tenants/own\\.yaml: name.*Pulumi\\.${project.stack}\\.yaml: trustplane:plexus\\.tenants\\[0\\]`));
    assert.doesNotMatch(text, /plexus\.tenants\[[123]\]/);
  });

  it("are held against what the platform's stack has: no Datasets without Datashim", () => {
    project.file("a.yaml", { name: "a", credential: serviceAccount, datasets: true });
    assert.match(project.problems().join("\n"), /^tenants\/a\.yaml: datasets \| true \| add plexus\.datashim/);
  });

  for (const [what, text, found] of [
    ["broken YAML", "name: [", "Flow sequence"],
    ["two documents", "name: a\n---\nname: b\n", "2 documents"],
    ["a list", "- name: a\n", '[{"name":"a"}]'],
    ["nothing", "", "documents"],
    ["a key twice", "name: a\nname: b\n", "unique"],
  ] as const) {
    it(`are refused where one holds ${what}`, () => {
      project.file("a.yaml", text);
      const [problem = "", ...rest] = project.problems();
      assert.deepEqual(rest, []);
      assert.ok(problem.startsWith("tenants/a.yaml | ") && problem.includes(found), problem);
    });
  }

  it("need a folder that is there", () => {
    assert.throws(() => readTenantFolder(project.root, "tenant"), { name: "Failure", message: /--tenants tenant: there is no folder/ });
  });
});

describe("ShardConfig", () => {
  let project: Project;
  const tenant = { name: "a", credential: serviceAccount };

  beforeEach(() => {
    project = new Project();
  });

  afterEach(() => {
    project.remove();
  });

  it("gives a shard the platform's cluster, what is said of all tenants, and nothing that is made once", () => {
    project.platform({
      cluster: { identifier: "lab", context: "lab" },
      certManager: { replicas: 2 },
      interlink: { address: "192.0.2.1" },
      plexus: {
        storageClass: { existing: "shared" },
        nodes: {},
        datashim: {},
        clusterCidrs: ["10.0.0.0/8"],
        protect: true,
        tenants: [{ name: "own" }],
      },
    });
    project.config.write(1, [tenant]);
    assert.deepEqual(project.written(1), {
      config: {
        "trustplane:cluster": { identifier: "lab", context: "lab" },
        "trustplane:platform": { stack: project.stack },
        "trustplane:plexus": { clusterCidrs: ["10.0.0.0/8"], protect: true, tenants: [tenant] },
      },
    });
  });

  it("lets the engine encrypt a shard's secrets with the platform's keys, and takes the tenants' secret as it stands", () => {
    const secret = { secure: "v1:abc" };
    const sections = { cluster: { identifier: "lab" }, plexus: {}, plexusCertificateAuthorityKey: secret, certificateAuthorityKey: secret };
    project.platform(sections, { secretsprovider: "awskms://key", encryptedkey: "KEY" });
    project.config.write(1, [tenant]);
    const { config, ...keys } = project.written(1);
    assert.deepEqual(keys, { secretsprovider: "awskms://key", encryptedkey: "KEY" });
    assert.deepEqual((config as Record<string, unknown>)["trustplane:plexusCertificateAuthorityKey"], secret);
    assert.ok(!("trustplane:certificateAuthorityKey" in (config as object)));
  });

  it("refuses a secret that only the backend can read, with the way out, but where there is no tenant to need it", () => {
    project.platform({ cluster: { identifier: "lab" }, plexus: {}, plexusCertificateAuthorityKey: { secure: "abc" } });
    assert.throws(
      () => {
        project.config.write(1, [tenant]);
      },
      { name: "Failure", message: /change-secrets-provider/ },
    );
    project.config.write(1, []);
  });

  it("misses the section that tenants' stacks share", () => {
    project.platform({ cluster: { identifier: "lab" } });
    assert.throws(
      () => {
        project.config.requirePlexus();
      },
      { name: "Failure", message: /has no section trustplane:plexus/ },
    );
  });

  it("knows its shards by their names, and no others", () => {
    assert.equal(shardStackName("prod", 12), "prod-tenants-12");
    const known = ["prod-tenants-12", "prod-tenants-0", "prod-tenants-x", "prod", "pprod-tenants-1", "prod-tenants-1-tenants-2"];
    assert.deepEqual(
      known.map((name) => shardNumber("prod", name)),
      [12, undefined, undefined, undefined, undefined, undefined],
    );
  });
});

describe("TenantsRun", () => {
  let project: Project;

  beforeEach(() => {
    project = new Project();
  });

  afterEach(() => {
    project.remove();
  });

  function run(given: Readonly<Record<string, string | true>> = {}): TenantsRun {
    return new TenantsRun({
      root: project.root,
      stack: project.stack,
      given: new Map(Object.entries({ tenants: "tenants", ...given })),
      progress: silentProgress,
      live: false,
      print: () => undefined,
      interrupts: new Interrupts(),
    });
  }

  function had(count: number, files: number): void {
    const names = Array.from({ length: count }, (_, index) => `t${index}`);
    new PlacementFile(path.join(project.root, "tenants"), project.stack).write(new Map(names.map((name) => [name, 1])));
    for (const name of names.slice(0, files)) project.file(`${name}.yaml`, { name, credential: serviceAccount });
  }

  it("refuses to lose more than a quarter of the tenants, as with a wrong folder, unless that is meant", () => {
    had(8, 5);
    const refusal = { name: "Failure", code: 4, message: /of 8 tenants 3 have no file any more: t5, t6, t7/ };
    assert.throws(() => {
      run().refuseMassDelete();
    }, refusal);
    run({ "allow-mass-delete": true }).refuseMassDelete();
  });

  for (const [what, count, files] of [
    ["a quarter", 8, 6],
    ["the only one", 1, 0],
  ] as const) {
    it(`lets ${what} leave`, () => {
      had(count, files);
      run().refuseMassDelete();
    });
  }

  it("asks for tenants where there is none and was none", () => {
    assert.throws(() => run(), { name: "Failure", message: /--tenants tenants: there is no tenant in it/ });
  });

  it("takes whole numbers only for what a shard may hold", () => {
    had(1, 1);
    assert.throws(() => run({ "shard-objects": "many" }), { name: "Failure", message: /--shard-objects many: allowed is a whole number/ });
  });

  it("removes the stack of a shard that all have left, and brings up the others", () => {
    had(1, 0);
    project.file("a.yaml", { name: "a", credential: serviceAccount });
    const jobs = run().jobs("up");
    assert.deepEqual(
      jobs.map(({ stack, operation }) => [stack, operation]),
      [
        [`${project.stack}-tenants-1`, "removeShard"],
        [`${project.stack}-tenants-2`, "updateShard"],
      ],
    );
  });
});
