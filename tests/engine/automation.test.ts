import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { destroy } from "../../automation/destroy";
import { drift } from "../../automation/drift";
import { exitCode } from "../../automation/exitCode";
import { outputs } from "../../automation/outputs";
import { preview } from "../../automation/preview";
import { refresh } from "../../automation/refresh";
import { up } from "../../automation/up";
import { runtimeRoot } from "../../local/paths";
import { silentProgress } from "../../local/progress";
import { keepStrayRejections, type StrayRejections } from "../strayRejections";
import { refusalOf, SmallProject } from "./smallProject";

const monitorModule = require.resolve("@pulumi/pulumi/proto/resource_grpc_pb");

interface MonitorClient {
  registerResource(request: { getName(): string }, answer: Answer): void;
  getDeploymentInfo(request: unknown, answer: Answer): void;
}

type Answer = (error: Error & { code: number }) => void;

/** Which calls of the program do not reach the engine. */
interface Fault {
  readonly call: keyof MonitorClient;
  readonly hits: (resource: string) => boolean;
}

/** While `work` runs, calls fail as they do when the engine's socket fails. */
async function withFault<T>({ call, hits }: Fault, work: () => Promise<T>): Promise<T> {
  const { prototype } = ((await import(monitorModule)) as { ResourceMonitorClient: { prototype: MonitorClient } }).ResourceMonitorClient;
  const original = Reflect.get(prototype, call) as (request: unknown, answer: Answer) => void;
  prototype[call] = function broken(this: MonitorClient, request: unknown, answer: Answer) {
    const name = call === "registerResource" ? (request as { getName(): string }).getName() : "";
    if (hits(name)) setImmediate(answer, Object.assign(new Error("14 UNAVAILABLE: No connection established"), { code: 14 }));
    else original.call(this, request, answer);
  };
  try {
    return await work();
  } finally {
    Reflect.set(prototype, call, original);
  }
}

describe("the scripts on a small stack", () => {
  let project: SmallProject;
  let strays: StrayRejections;

  beforeEach(() => {
    strays = keepStrayRejections();
    project = new SmallProject();
  });

  afterEach(() => {
    project.remove();
    strays.end();
  });

  it("makes a stack, says that nothing changed, prints its outputs, and destroys it", async () => {
    project.program(`make(3); return { open: "yes", hidden: pulumi.secret({ token: "s3cr3t" }) };`);
    assert.equal(await up(project.session()), exitCode.ok);
    const first = project.take();
    assert.match(first, /open: yes/);
    assert.ok(!first.includes("s3cr3t") && !first.includes("nothing changed"), first);

    assert.equal(await up(project.session()), exitCode.ok);
    assert.match(project.take(), /nothing changed/);

    await outputs(project.session({ json: true }));
    assert.deepEqual(JSON.parse(project.take()), { open: "yes", hidden: "[secret]" });
    await outputs(project.session({ json: true, "show-secrets": true }));
    assert.deepEqual(JSON.parse(project.take()), { open: "yes", hidden: { token: "s3cr3t" } });

    await destroy(project.session({ yes: true }));
    assert.match(project.take(), /nothing of stack one is left/);
    assert.equal(project.parts(), 0);
  });

  it("lists what a preview of a new stack would change, and creates nothing: no stack, no key in its file, and no passphrase is needed", async () => {
    const passphrase = process.env.PULUMI_CONFIG_PASSPHRASE;
    delete process.env.PULUMI_CONFIG_PASSPHRASE;
    project.program(`make(2); return { hidden: pulumi.secret("x") };`);
    assert.equal(await preview(project.session()), exitCode.ok);
    process.env.PULUMI_CONFIG_PASSPHRASE = passphrase;
    assert.match(project.take(), /\+ {2}create {2}small:index:Part part-0/);
    assert.match(project.said.join("\n"), /stack one does not exist yet: it is previewed as a new one, and nothing is created/);
    assert.deepEqual(project.backend("stacks"), []);
    assert.equal(fs.readFileSync(path.join(project.root, "Pulumi.one.yaml"), "utf8"), "config: {}\n");
  });

  it("previews a new stack that reads the outputs of its platform's stack", async () => {
    const platform = `const [org, name] = [pulumi.getOrganization(), "one"];
      const shared = new pulumi.StackReference("platform", { name: org + "/small/" + name }).requireOutput("platform");`;
    project.program(`return { platform: { identifier: "lab" } };`);
    await up(project.session());
    fs.writeFileSync(path.join(project.root, "Pulumi.two.yaml"), "config: { trustplane:platform: { stack: one } }\n");
    project.program(
      `${platform} return { identifier: shared.apply(({ identifier }) => { pulumi.log.warn("reads " + identifier); return identifier; }) };`,
    );
    assert.equal(await preview(project.session({ stack: "two" })), exitCode.ok);
    assert.match(project.said.join("\n"), /reads lab/);
    assert.deepEqual(
      project.backend("stacks", "small").filter((name) => name.startsWith("two")),
      [],
    );
  });

  for (const [name, script] of Object.entries({ drift, refresh, destroy }))
    it(`answers ${name} of a stack that does not exist with one error, and creates none`, async () => {
      const { message } = await refusalOf(script(project.session({ yes: true })));
      assert.match(message, /^stack one: its backend does not have it, .* Make it with: npm run up -- --stack one$/);
      assert.deepEqual(project.backend("stacks"), []);
    });

  it("updates when only an output changed, also a secret one", async () => {
    project.program(`return { answer: pulumi.secret(1) };`);
    await up(project.session());
    project.program(`return { answer: pulumi.secret(2) };`);
    project.take();
    await preview(project.session());
    assert.match(project.take(), /only outputs of the stack change/);
    await up(project.session());
    assert.doesNotMatch(project.take(), /nothing changed/);
    await outputs(project.session({ json: true, "show-secrets": true }));
    assert.deepEqual(JSON.parse(project.take()), { answer: 2 });
  });

  describe("where an update is about to do what its preview did not have", () => {
    /** A file's provider, whose diff says what is in the file `answer`: the object of a resource is its own file. */
    const resources = (): string => `
      const [object, answer] = ${JSON.stringify(["object", "answer"].map((name) => path.join(project.root, name)))};
      const provider = {
        async check(_, news) { return { inputs: news }; },
        async diff(_, olds, news) { return { changes: olds.size !== news.size, ...JSON.parse(require("fs").readFileSync(answer, "utf8")) }; },
        async create(inputs) { require("fs").writeFileSync(object, "data"); return { id: "file", outs: inputs }; },
        async update(_, olds, news) { return { outs: news }; },
        async delete() { require("fs").rmSync(object); },
      };
      const file = (size, options) => new (class extends pulumi.dynamic.Resource {})(provider, "file", { size }, options);`;
    const replacement = JSON.stringify({ changes: true, replaces: ["size"], deleteBeforeReplace: true });

    beforeEach(async () => {
      fs.writeFileSync(path.join(project.root, "answer"), "{}");
      project.program(`${resources()} file(1); return {};`);
      await up(project.session());
      assert.ok(fs.existsSync(path.join(project.root, "object")));
    });

    /** The next update begins with the preview's end: the program of an update writes what the provider answers from then on. */
    async function refusedUpdate(body: string): Promise<string> {
      project.program(
        `${resources()} if (!pulumi.runtime.isDryRun()) require("fs").writeFileSync(answer, ${JSON.stringify(replacement)}); ${body}`,
      );
      const { code, message } = await refusalOf(up(project.session()));
      assert.equal(code, exitCode.gate, message);
      assert.ok(fs.existsSync(path.join(project.root, "object")), "the object is gone");
      const left = fs.readdirSync(path.join(runtimeRoot, "work", "one"));
      assert.deepEqual(
        left.filter((name) => name.startsWith("plan.")),
        [],
      );
      return message;
    }

    it("stops before a replacement of what was to be updated", async () => {
      assert.match(
        await refusedUpdate("file(2); return {};"),
        /Resource file: .*replaced? is not allowed by the plan: .*constrained to update/,
      );
    });

    it("stops before a replacement of what was to stay as it is", async () => {
      assert.match(await refusedUpdate("file(1); make(1); return {};"), /Resource file: .*replaced? is not allowed by the plan/);
    });
  });

  it("refuses to delete more than 20 objects and a quarter of the stack without being told to", async () => {
    project.program("make(40); return {};");
    await up(project.session());
    project.program("make(15); return {};");
    const refusal = await refusalOf(up(project.session({ "allow-replace": "part-99" })));
    assert.match(project.said.join("\n"), /--allow-replace part-99: needed by nothing in stack one/);
    assert.equal(refusal.code, exitCode.gate);
    assert.match(refusal.message, /delete 25 of the stack's 41 resources[^]*--allow-mass-delete/);
    assert.equal(project.parts(), 40);
    assert.equal(await up(project.session({ "allow-mass-delete": true })), exitCode.ok);
    assert.equal(project.parts(), 15);
  });

  it("names what is protected, and leaves only that", async () => {
    project.program(`make(2); new pulumi.ComponentResource("small:index:Kept", "kept", {}, { protect: true }); return {};`);
    await up(project.session());
    project.take();
    await destroy(project.session({ yes: true }));
    assert.match(project.take(), /small:index:Kept kept \(protected\)[^]*take the protection off in Pulumi\.one\.yaml/);
    assert.equal(project.parts(), 0);
  });

  it("asks for --yes where there is no terminal to ask at", async () => {
    project.program("make(1); return {};");
    await up(project.session());
    assert.match((await refusalOf(destroy(project.session()))).message, /--stack one --yes/);
    assert.equal(project.parts(), 1);
  });

  it("ends an interrupted update with 130, and the next run goes on from there", async () => {
    project.program("make(3); if (!pulumi.runtime.isDryRun()) await new Promise(() => undefined); return {};");
    const session = project.session();
    const line = (text: string): void => {
      if (text.includes("created small:index:Part")) session.interrupts.receive();
    };
    const { code, message } = await refusalOf(up({ ...session, progress: { ...silentProgress, line } }));
    assert.equal(code, exitCode.interrupted, message);
    assert.match(message, /^interrupted\. \d+ changes were made and are in the stack's state/);
    project.program("make(3); return {};");
    assert.equal(await up(project.session()), exitCode.ok);
    assert.equal(project.parts(), 3);
  });

  it("prints a program's error once, without the engine's log, and says that nothing was changed", async () => {
    project.program(`throw new pulumi.RunError("port 70000 is out of range");`);
    const { message, code } = await refusalOf(up(project.session()));
    assert.equal(code, exitCode.engine);
    assert.equal(message.match(/port 70000/g)?.length, 1, message);
    assert.match(message, /Nothing was changed/);
    assert.ok(!message.includes("\x1b") && !message.includes("Previewing"), message);
  });

  it("lists the stacks when the one that is asked for does not exist", async () => {
    project.program("return {};");
    assert.match(
      (await refusalOf(up(project.session({ stack: "onee" })))).message,
      /no Pulumi\.onee\.yaml\. Did you mean one\? Stacks here: one/,
    );
  });

  it("answers a wrong passphrase with one error", async () => {
    project.program(`return { hidden: pulumi.secret("x") };`);
    await up(project.session());
    process.env.PULUMI_CONFIG_PASSPHRASE = "other";
    const { message } = await refusalOf(up(project.session()));
    assert.match(message, /^stack one: the passphrase in PULUMI_CONFIG_PASSPHRASE .* is wrong/);
    assert.equal(message.split("\n").length, 1);
  });

  it("keeps the stack's encryption key in the repository's file, and its comments", async () => {
    fs.writeFileSync(path.join(project.root, "Pulumi.one.yaml"), "# ours\nconfig: {} # none\n");
    project.program(`return { hidden: pulumi.secret("x") };`);
    await up(project.session());
    assert.match(fs.readFileSync(path.join(project.root, "Pulumi.one.yaml"), "utf8"), /^# ours\nconfig: \{\} # none\nencryptionsalt: v1:/);
  });

  describe("when the program's connection to the engine breaks", () => {
    beforeEach(async () => {
      project.program("make(10); return {};");
      await up(project.session());
    });

    const faults: readonly (readonly [string, Fault])[] = [
      ["before the first resource", { call: "getDeploymentInfo", hits: () => true }],
      ["at the first resource", { call: "registerResource", hits: () => true }],
      ["for some of the resources", { call: "registerResource", hits: (name) => /part-[5-9]/.test(name) }],
    ];
    for (const [when, fault] of faults) {
      it(`refuses to go on after a preview in which it broke ${when}`, async () => {
        const refusal = await refusalOf(withFault(fault, () => up(project.session())));
        assert.equal(refusal.code, exitCode.gate, refusal.message);
        assert.match(refusal.message, /refused: .*would delete/);
        assert.equal(project.parts(), 10);
      });
    }

    it("deletes nothing when it breaks in the update for some of the resources", async () => {
      project.program("make(11); return {};");
      let runs = 0;
      const hits = (name: string): boolean => {
        if (name.startsWith("small-one")) runs++;
        return runs > 1 && /part-[5-9]/.test(name);
      };
      const refusal = await refusalOf(withFault({ call: "registerResource", hits }, () => up(project.session())));
      assert.equal(refusal.code, exitCode.gate, refusal.message);
      assert.ok(project.parts() >= 10, `${project.parts()} parts are left`);
    });

    it("goes on by itself when the second attempt connects", async () => {
      let left = 1;
      assert.equal(await withFault({ call: "registerResource", hits: () => left-- > 0 }, () => up(project.session())), exitCode.ok);
      assert.ok(project.said.some((line) => line.includes("trying once more")));
    });

    it("refuses an update whose program registers less than its preview did", async () => {
      project.program("make(pulumi.runtime.isDryRun() ? 10 : 4); return { run: Date.now() };");
      const refusal = await refusalOf(up(project.session()));
      assert.equal(refusal.code, exitCode.gate, refusal.message);
      assert.match(refusal.message, /6 resources fewer than its preview/);
      assert.equal(project.parts(), 10);
    });
  });
});
