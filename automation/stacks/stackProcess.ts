import type { Progress, Step } from "../../local/progress";
import type { Option, Usage } from "../arguments";
import { stackOutputs } from "../deployment";
import { destroy, destroyStack, usage as destroyUsage } from "../destroy";
import { drift, usage as driftUsage } from "../drift";
import { exitCode, Failure } from "../exitCode";
import type { JsonCommand } from "../json/commandReport";
import { stackReport, type Ended } from "../json/stackReport";
import { ending, noted, type NotedSession } from "../json/withJson";
import { preview, usage as previewUsage } from "../preview";
import { refresh, usage as refreshUsage } from "../refresh";
import { runScript, type Session } from "../session";
import { up, updateStack, usage as upUsage } from "../up";
import { failedResult, type StackMessage, type StackOperation, stackOperations, type StackResult } from "./stackResult";

const ownOptions: readonly Option[] = [
  { name: "operation", value: "NAME", about: stackOperations.join(", ") },
  { name: "steps", about: "a line for each step too" },
];
const commandOptions = [upUsage, previewUsage, refreshUsage, driftUsage, destroyUsage].flatMap(({ options }) => options);

const usage: Usage = {
  command: "up",
  about: "Works on one stack for a script that works on several, because a process can hold one operation of the engine at a time.",
  options: [...ownOptions, ...new Map(commandOptions.map((option) => [option.name, option])).values()],
};

interface Operation {
  /** The script of which `--json` tells. */
  readonly command: JsonCommand;
  readonly run: (session: Session) => Promise<number>;
}

const operations: Readonly<Record<StackOperation, Operation>> = {
  up: { command: "up", run: up },
  preview: { command: "preview", run: preview },
  refresh: { command: "refresh", run: refresh },
  drift: { command: "drift", run: drift },
  destroy: { command: "destroy", run: destroy },
  updateShard: { command: "up", run: updateShard },
  destroyShard: { command: "destroy", run: destroyShard },
  removeShard: { command: "up", run: removeShard },
};

async function updateShard(session: Session): Promise<number> {
  await updateStack(session);
  return exitCode.ok;
}

async function destroyShard(session: Session): Promise<number> {
  const { open, left } = await destroyStack(session);
  if (left.length === 0) await open.stack.workspace.removeStack(open.name);
  return exitCode.ok;
}

/** As an update first, whose gates judge it: a folder without files must not cost every tenant's namespaces. */
async function removeShard(session: Session): Promise<number> {
  await updateStack(session);
  return await destroyShard(session);
}

function operationOf({ given }: Session): Operation {
  const name = given.get("operation");
  if (typeof name === "string" && name in operations) return operations[name as StackOperation];
  throw new Failure(`--operation ${String(name)}: allowed are ${Object.keys(operations).join(", ")}.`);
}

function send(message: StackMessage): Promise<void> {
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
async function work(session: Session): Promise<number> {
  process.once("disconnect", session.interrupts.receive);
  const operation = operationOf(session);
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  // live: a line for each step would hide the stacks on a terminal
  const live = !session.given.has("steps");
  const own = { ...noted({ ...session, progress: reported, live }), print };
  const ended = await ending(() => operation.run(own));
  await send({ result: await resultOf(own, operation, ended, printed.join("\n"), session.given.has("json")) });
  return ended.code;
}

async function resultOf(session: NotedSession, { command }: Operation, ended: Ended, text: string, json: boolean): Promise<StackResult> {
  const { notes } = session;
  const report = json ? await stackReport(command, session, notes, ended) : undefined;
  if (ended.error !== undefined) return { ...failedResult(ended.error), report };
  const withoutPlatform = command === "preview" && stackOutputs(notes.open?.before ?? {}, false)?.platform === undefined;
  return { code: ended.code, changes: notes.changes, text, withoutPlatform, report };
}

runScript(usage, work);
