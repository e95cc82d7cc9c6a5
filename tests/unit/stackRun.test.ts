import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { exitCode } from "../../automation/exitCode";
import { Interrupts, type Session } from "../../automation/session";
import { changesOf, type Changes, changesTogether } from "../../automation/stacks/changes";
import { type StackJob, type StackOutcome, StackPool } from "../../automation/stacks/stackPool";
import { type StackEnd, worstCode } from "../../automation/stacks/stackResult";
import { stackTable } from "../../automation/stacks/stackTable";
import { silentProgress } from "../../local/progress";

const changes: Changes = { created: 3, updated: 0, replaced: 0, deleted: 1, unchanged: 2 };

/** What the stacks' processes do instead, by the stack's name; they note when they begin and end. */
const behaviour = `
const fs = require("node:fs");
const stack = process.argv[process.argv.indexOf("--stack") + 1];
const note = (what) => fs.appendFileSync(process.env.NOTES, what + " " + stack + "\\n");
const end = (code, result) => process.send({ result }, () => process.exit(code));
note("begin");
process.on("SIGINT", () => { note("interrupted"); end(130, { code: 130, text: "stopped" }); });
process.send({ doing: "updating " + stack });
process.send({ line: "the same of all" });
process.send({ line: "  created a ConfigMap" });
if (stack.includes("bad")) { note("end"); end(1, { code: 1, text: "no right to create Namespaces" }); }
else if (stack.includes("lost")) { console.error("out of memory"); note("end"); process.disconnect(); process.exitCode = 9; }
else if (stack.includes("long")) setTimeout(() => undefined, 60000);
else setTimeout(() => { note("end"); end(0, { code: 0, changes: ${JSON.stringify(changes)}, text: "", withoutPlatform: stack === "new" }); }, 150);
`;

describe("StackPool", () => {
  let root: string;
  let said: string[];
  let session: Session;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "stacks-"));
    fs.writeFileSync(path.join(root, "stack.js"), behaviour);
    process.env.NOTES = path.join(root, "notes");
    said = [];
    const progress = { ...silentProgress, line: (text: string) => void said.push(text) };
    session = { root, stack: "lab", given: new Map(), progress, live: false, print: () => undefined, interrupts: new Interrupts() };
  });

  afterEach(() => {
    delete process.env.NOTES;
    fs.rmSync(root, { recursive: true });
  });

  const notes = (): string[] => fs.readFileSync(path.join(root, "notes"), "utf8").trim().split("\n");
  const jobs = (...stacks: readonly string[]): StackJob[] => stacks.map((stack) => ({ stack, operation: "up" }));

  function run(parallel: number, ...stacks: readonly string[]): Promise<readonly StackOutcome[]> {
    return runJobs(parallel, jobs(...stacks));
  }

  function runJobs(parallel: number, each: readonly StackJob[]): Promise<readonly StackOutcome[]> {
    return new StackPool(session, path.join(root, "stack.js")).run("tenants", each, parallel);
  }

  /** Takes what the one line of progress shows. */
  function watch(detail: (text: string) => void): void {
    const step = { detail, done: () => undefined, fail: () => undefined };
    session = { ...session, progress: { ...session.progress, start: () => step } };
  }

  it("runs as many at a time as it may, and gives the outcomes in the order of the jobs", async () => {
    const running: number[] = [];
    watch((text) => void running.push(text.split("; ").length - 1));
    const outcomes = await run(2, "a", "b", "c", "d", "e");
    assert.deepEqual(
      outcomes.map(({ job }) => job.stack),
      ["a", "b", "c", "d", "e"],
    );
    assert.ok(outcomes.every(({ result }) => result?.code === 0 && result.changes?.created === 3));
    assert.equal(Math.max(...running), 2);
  });

  it("begins a stack when those that it comes after have ended well, others meanwhile", async () => {
    const shown: string[] = [];
    watch((text) => void shown.push(text));
    await runJobs(3, [...jobs("platform", "lab"), { stack: "farm", operation: "up", after: ["platform"] }]);
    const together = (...stacks: readonly string[]): boolean => shown.some((text) => stacks.every((stack) => text.includes(stack)));
    assert.ok(together("platform", "lab") && !together("platform", "farm"), shown.join("\n"));
    assert.ok(notes().indexOf("begin farm") > notes().indexOf("end platform"), notes().join("\n"));
  });

  it("begins none that comes after one that failed, and says so", async () => {
    const after = (stack: string, ...names: readonly string[]): StackJob => ({ stack, operation: "up", after: names });
    const outcomes = await runJobs(2, [...jobs("bad"), after("farm", "bad"), after("geocube", "farm"), ...jobs("lab")]);
    assert.deepEqual(
      outcomes.map(({ result, withheld }) => withheld ?? result?.code),
      [exitCode.engine, "bad failed", "farm was not begun", exitCode.ok],
    );
    assert.ok(said.includes("farm:    not begun: bad failed"), said.join("\n"));
    assert.ok(!notes().some((line) => /farm|geocube/.test(line)));
    assert.equal(worstCode(outcomes), exitCode.engine);
  });

  it("previews nothing on a platform that is not up yet, which is no failure", async () => {
    const outcomes = await runJobs(2, [
      { stack: "new", operation: "preview" },
      { stack: "farm", operation: "preview", after: ["new"] },
    ]);
    assert.equal(outcomes[1]?.withheld, "new is not up yet");
    assert.equal(worstCode(outcomes), exitCode.ok);
  });

  it("lets no stack stop the others, and says of a process that died what it printed last", async () => {
    const [bad, lost, good] = await run(1, "bad", "lost", "good");
    assert.deepEqual(bad?.result, { code: exitCode.engine, text: "no right to create Namespaces" });
    assert.equal(lost?.result?.code, exitCode.engine);
    assert.match(lost.result.text, /exit code 9:\nout of memory/);
    assert.equal(good?.result?.code, exitCode.ok);
  });

  it("says what each stack came to, of each its steps, and what all say once", async () => {
    await run(1, "good", "bad");
    assert.equal(said.filter((line) => line.endsWith("the same of all")).length, 1);
    assert.deepEqual(
      said.filter((line) => line.endsWith("created a ConfigMap")),
      ["good: created a ConfigMap", "bad:  created a ConfigMap"],
    );
    assert.ok(
      said.some((line) => line.startsWith("good: 3 created, 1 deleted, 2 unchanged (")),
      said.join("\n"),
    );
    assert.ok(
      said.some((line) => line.startsWith("bad:  failed, see below (")),
      said.join("\n"),
    );
  });

  it("hands an interrupt to all that run, once, and begins none", async () => {
    watch((text) => {
      if (["updating long-1", "updating long-2"].every((each) => text.includes(each))) session.interrupts.receive();
    });
    const outcomes = await run(2, "long-1", "long-2", "never");
    assert.deepEqual(
      outcomes.map(({ result }) => result?.code),
      [exitCode.interrupted, exitCode.interrupted, undefined],
    );
    assert.deepEqual(notes().sort(), ["begin long-1", "begin long-2", "interrupted long-1", "interrupted long-2"]);
  });
});

describe("changesOf", () => {
  it("counts each replacement once, and neither the stack nor what is read", () => {
    const ops = ["create", "create-replacement", "replace", "delete-replaced", "update", "delete", "same", "same", "read"];
    const steps = ops.map((op, index) => ({ op, urn: `urn-${index}`, type: "kubernetes:core/v1:ConfigMap", diffs: [] }));
    const stack = { op: "same", urn: "stack", type: "pulumi:pulumi:Stack", diffs: [] };
    const expected = { created: 1, updated: 1, replaced: 1, deleted: 1, unchanged: 2 };
    assert.deepEqual(changesOf({ steps: [...steps, stack], finished: [] }, "steps"), expected);
    assert.deepEqual(changesOf({ steps: [], finished: [...steps, stack] }, "finished"), expected);
  });
});

describe("changesTogether", () => {
  it("adds up what changed, and keeps what the last left as it was", () => {
    const last: Changes = { created: 0, updated: 1, replaced: 0, deleted: 4, unchanged: 0 };
    assert.deepEqual(changesTogether([changes, last]), { created: 3, updated: 1, replaced: 0, deleted: 5, unchanged: 0 });
    assert.equal(changesTogether([]).unchanged, 0);
  });
});

describe("worstCode", () => {
  const code = (...codes: readonly (number | undefined)[]): number =>
    worstCode(codes.map((each): StackEnd => (each === undefined ? {} : { result: { code: each } })));

  it("is the one that all failures share, else that of a failed engine; an interrupt's before all", () => {
    assert.equal(code(0, 0), exitCode.ok);
    assert.equal(code(0, exitCode.gate, exitCode.gate), exitCode.gate);
    assert.equal(code(exitCode.gate, exitCode.policy), exitCode.engine);
    assert.equal(code(0, exitCode.engine, exitCode.interrupted), exitCode.interrupted);
    assert.equal(code(0, undefined), exitCode.interrupted);
  });
});

describe("stackTable", () => {
  it("has a line for each stack, also for one that failed or was not begun", () => {
    const table = stackTable([
      { stack: "prod-tenants-1", tenants: 7, millis: 4200, result: { code: 0, changes } },
      { stack: "prod-tenants-2", tenants: 12, millis: 61_000, result: { code: exitCode.gate } },
      { stack: "prod-tenants-3", tenants: 1, millis: 0 },
    ]);
    assert.deepEqual(table.split("\n"), [
      "stack           tenants  created  updated  replaced  deleted  unchanged        time  verdict",
      "prod-tenants-1        7        3        0         0        1          2       4.2 s  ok",
      "prod-tenants-2       12        -        -         -        -          -  1 min 01 s  refused",
      "prod-tenants-3        1        -        -         -        -          -           -  not begun",
    ]);
  });

  it("says why a stack was not begun, and tells of tenants only where stacks are for them", () => {
    const table = stackTable([
      { stack: "platform", millis: 4200, result: { code: exitCode.drift, changes } },
      { stack: "geocube", millis: 0, withheld: "platform failed" },
    ]);
    assert.deepEqual(table.split("\n"), [
      "stack     created  updated  replaced  deleted  unchanged   time  verdict",
      "platform        3        0         0        1          2  4.2 s  differs",
      "geocube         -        -         -        -          -      -  not begun: platform failed",
    ]);
  });
});
