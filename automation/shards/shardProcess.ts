import type { Progress, Step } from "../../local/progress";
import type { Usage } from "../arguments";
import { destroyStack } from "../destroy";
import { Failure } from "../exitCode";
import { gateOptions } from "../gates";
import { previewStack } from "../preview";
import { runScript, type Session } from "../session";
import { updateStack } from "../up";
import { type Changes, changesOf, failedResult, type ShardMessage, type ShardOperation } from "./shardResult";

const usage: Usage = {
  command: "up",
  about:
    "Works on one shard, because a process can hold one operation of the engine at a time. The scripts that are given --tenants start it.",
  options: [
    { name: "operation", value: "NAME", about: "up, preview, destroy or remove" },
    ...gateOptions,
    { name: "yes", about: "as for destroy" },
  ],
};

const operations: Readonly<Record<ShardOperation, (session: Session) => Promise<Changes>>> = {
  up: async (session) => changesOf((await updateStack(session)).record, "finished"),
  preview: async (session) => changesOf(await previewStack(session), "steps"),
  destroy,
  remove,
};

async function destroy(session: Session): Promise<Changes> {
  const { open, record, left } = await destroyStack(session);
  if (left.length === 0) await open.stack.workspace.removeStack(open.name);
  return changesOf(record ?? { steps: [], finished: [] }, "finished");
}

/** As an update first, whose gates judge it: a folder without files must not cost every tenant's namespaces. */
async function remove(session: Session): Promise<Changes> {
  const { record } = await updateStack(session);
  const { deleted } = await destroy(session);
  const changes = changesOf(record, "finished");
  return { ...changes, deleted: changes.deleted + deleted, unchanged: 0 };
}

function operationOf({ given }: Session): (session: Session) => Promise<Changes> {
  const name = given.get("operation");
  if (typeof name === "string" && name in operations) return operations[name as ShardOperation];
  throw new Failure(`--operation ${String(name)}: allowed are ${Object.keys(operations).join(", ")}.`);
}

function send(message: ShardMessage): Promise<void> {
  return new Promise((resolve) => {
    const sent = (): void => {
      resolve();
    };
    if (process.connected) process.send?.(message, undefined, undefined, sent);
    else sent();
  });
}

const nothing = (): void => undefined;

const reported: Progress = {
  start: (label): Step => {
    void send({ doing: label });
    return { detail: (text) => void send({ doing: `${label}: ${text}` }), done: nothing, fail: nothing };
  },
  line: (text) => void send({ line: text }),
};

/** Runs the operation and tells the process that started this one what became of it; ends when that process is gone. */
async function shard(session: Session): Promise<number> {
  process.once("disconnect", session.interrupts.receive);
  const printed: string[] = [];
  // live: a line for each step of each shard would hide the shards
  const own = { ...session, progress: reported, live: true, print: (text: string) => void printed.push(text) };
  try {
    const changes = await operationOf(session)(own);
    await send({ result: { code: 0, changes, text: printed.join("\n") } });
    return 0;
  } catch (error) {
    const result = failedResult(error);
    await send({ result });
    return result.code;
  }
}

runScript(usage, shard);
