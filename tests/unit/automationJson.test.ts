import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { exitCode, Failure } from "../../automation/exitCode";
import { commandJsonSchema, type CommandReport, commandSchema, outcomeReport } from "../../automation/json/commandReport";
import { withJson } from "../../automation/json/withJson";
import { OperationRecord } from "../../automation/operationRecord";
import { Interrupts, type Session } from "../../automation/session";
import type { OpenStack } from "../../automation/workspace";
import { projectRoot } from "../../local/paths";
import { silentProgress } from "../../local/progress";

const claimType = "kubernetes:core/v1:PersistentVolumeClaim";
const urn = (name: string, type = "kubernetes:core/v1:ConfigMap"): string => `urn:pulumi:lab::trustplane::${type}::${name}`;
const secret = (plaintext: string): object => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(plaintext),
});
const password = "Tr0ub4dor-and-3-more";

const before = {
  resources: [
    { urn: urn("lab", "pulumi:pulumi:Stack"), type: "pulumi:pulumi:Stack", outputs: { address: "a.test", password: secret(password) } },
    { urn: urn("data", claimType), type: claimType, id: "farm/data", retainOnDelete: true },
    { urn: urn("ca"), type: "kubernetes:core/v1:ConfigMap", id: "farm/ca", protect: true },
  ],
};

type Event = Partial<EngineEvent>;
const step = (op: string, name: string, type = "kubernetes:core/v1:ConfigMap") => ({
  metadata: { op, urn: urn(name, type), type, diffs: ["data"] },
  planning: true,
});
const violation = { policyName: "require-x", message: `no ${password} here`, resourceUrn: urn("ca"), enforcementLevel: "mandatory" };

function record(...events: readonly Event[]): OperationRecord {
  const made = new OperationRecord();
  for (const event of events) made.take(event as EngineEvent);
  return made;
}

describe("the document of --json", () => {
  let printed: string[];
  let said: string[];
  let session: Session;

  beforeEach(() => {
    [printed, said] = [[], []];
    const progress = { ...silentProgress, line: (text: string) => void said.push(text) };
    const print = (text: string): void => void printed.push(text);
    session = { root: ".", stack: "lab", given: new Map([["json", true]]), progress, live: false, print, interrupts: new Interrupts() };
  });

  /** @param left the state after it */
  const opened = (left: object = before): OpenStack =>
    ({ before, deployment: () => Promise.resolve(left), stack: { getAllConfig: () => Promise.resolve({}) } }) as unknown as OpenStack;

  function run(command: "up" | "preview" | "destroy", work: (session: Session) => Promise<number>): Promise<number> {
    return withJson(session, command, work, (its, one) => one(its));
  }

  /** The one thing on stdout, which the published schema allows. */
  function document(): CommandReport {
    assert.equal(printed.length, 1);
    return commandSchema.parse(JSON.parse(printed[0] ?? ""));
  }

  it("tells of a preview's steps and findings; what is printed otherwise goes where progress goes", async () => {
    const code = await run("preview", ({ notes, ...its }) => {
      if (notes !== undefined) notes.open = opened();
      notes?.operations.push({
        kind: "preview",
        record: record({ resourcePreEvent: step("delete", "data", claimType) as never }, { resourcePreEvent: step("same", "ca") as never }),
      });
      its.print("- delete data");
      return Promise.resolve(exitCode.ok);
    });
    const [stack] = document().stacks;
    assert.deepEqual([code, document().result, stack?.operation, said], [0, "ok", "preview", ["- delete data"]]);
    assert.deepEqual(stack?.changes, { created: 0, updated: 0, replaced: 0, deleted: 1, unchanged: 1 });
    assert.deepEqual(stack.steps, [
      { op: "delete", urn: urn("data", claimType), type: claimType, name: "data", diffs: ["data"], status: "planned" },
    ]);
    // what stays on the cluster is no loss
    assert.deepEqual([stack.findings, stack.outputs, stack.kept], [[], undefined, []]);
  });

  it("is printed when the script fails too, with why, and the error and its exit code stay; no secret is in it", async () => {
    const failure = new Failure(`violated by ${password}`, exitCode.policy);
    const failing = run("up", ({ notes }) => {
      if (notes !== undefined) notes.open = opened();
      notes?.operations.push({ kind: "preview", record: record({ policyEvent: violation as never }) });
      return Promise.reject(failure);
    });
    await assert.rejects(failing, failure);
    const { result, exitCode: code, message, stacks } = document();
    assert.deepEqual(
      [result, code, message, stacks[0]?.message],
      ["failed", exitCode.policy, "violated by [secret]", "violated by [secret]"],
    );
    assert.deepEqual(stacks[0]?.violations, [{ policy: "require-x", level: "mandatory", urn: urn("ca"), message: "no [secret] here" }]);
    assert.deepEqual(stacks[0].outputs, { address: "a.test", password: "[secret]" });
  });

  it("shows secret outputs where that is asked for, and only there", async () => {
    session = { ...session, given: new Map([...session.given, ["show-secrets", true]]) };
    await run("up", ({ notes, given, ...its }) => {
      if (notes !== undefined) notes.open = opened();
      its.print(given.has("show-secrets") ? password : "masked");
      return Promise.resolve(exitCode.ok);
    });
    assert.deepEqual([document().stacks[0]?.outputs?.password, said], [password, ["masked"]]);
  });

  it("says what a destroy left, and why", async () => {
    await run("destroy", ({ notes }) => {
      if (notes !== undefined) notes.open = opened({ resources: [before.resources[2]] });
      notes?.operations.push({ kind: "destroy", record: record() });
      return Promise.resolve(exitCode.ok);
    });
    assert.deepEqual(
      document().stacks[0]?.kept.map(({ name, id, why }) => `${name} ${id ?? ""} ${why}`),
      ["ca farm/ca protected", "data farm/data kept on the cluster"],
    );
  });

  it("has the error alone where no stack was begun", async () => {
    const work = withJson(
      session,
      "up",
      () => Promise.resolve(0),
      () => Promise.reject(new Failure("--stack lab: given more than once.")),
    );
    await assert.rejects(work, /given more than once/);
    assert.deepEqual([document().message, document().stacks], ["--stack lab: given more than once.", []]);
  });

  it("tells of stacks that were not begun, or whose process said nothing", () => {
    const job = { stack: "farm", operation: "up" as const };
    const told = [{ withheld: "lab failed" }, {}, { result: { code: exitCode.engine, text: "its process ended with a signal" } }];
    assert.deepEqual(
      told.map((outcome) => outcomeReport({ job, millis: 0, ...outcome })).map(({ result, message }) => `${result}: ${message ?? ""}`),
      ["not begun: lab failed", "not begun: interrupted", "failed: its process ended with a signal"],
    );
  });

  it("has its schema in command.schema.json; if not, run `npm run check-schema`", () => {
    assert.equal(fs.readFileSync(path.join(projectRoot, "automation/json/command.schema.json"), "utf8"), commandJsonSchema());
  });
});
