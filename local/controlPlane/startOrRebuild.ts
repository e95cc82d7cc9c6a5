import type { Progress, Step } from "../progress";
import type { Tools } from "../toolchain/ensureTools";
import type { Credentials } from "./credentials";
import type { Layout } from "./layout";
import { choosePorts, type Ports } from "./ports";
import { runningProcesses, stopProcesses } from "./processes";
import { type ControlPlaneRecord, readRecord, writeRecord } from "./record";
import { hasData, hasStacks, removeUnfinished, setAside, unusableBecause } from "./savedState";
import { fingerprint } from "./settings";
import { type StartOutcome, startProcesses } from "./startCluster";

/** What every step of a start works with. */
export interface Context {
  readonly layout: Layout;
  readonly tools: Tools;
  readonly progress: Progress;
}

/** A cluster that answers. */
export interface Cluster {
  readonly credentials: Credentials;
  readonly ports: Ports;
  /** Its earlier data could not be used and was put aside. */
  readonly rebuilt: boolean;
}

/** Starts what is down; restarts everything where ports, tools or settings have changed. */
async function start({ layout, tools, progress }: Context, step: Step): Promise<StartOutcome> {
  const record = await readRecord(layout);
  const holders = new Set((await runningProcesses(layout)).map(({ component }) => component));
  const { ports, moved } = await choosePorts(layout.root, record?.ports, holders);
  for (const { owner, from, to } of moved) progress.line(`Port ${from} on 127.0.0.1 is taken by another program: ${owner} moves to ${to}.`);
  const used = record?.used ?? false;
  const wanted = { ports, kubernetes: tools["kube-apiserver"].version, fingerprint: fingerprint(layout, tools, ports), used };
  if (record?.fingerprint !== wanted.fingerprint && holders.size > 0) {
    progress.line("The embedded control plane restarts with changed tools or settings and keeps its state.");
    await stopProcesses(layout);
  }
  await writeRecord(layout, wanted);
  const outcome = await startProcesses(layout, tools, ports, step);
  if ("credentials" in outcome) await writeRecord(layout, { ...wanted, used: true });
  return outcome;
}

async function rebuild(context: Context, reason: string, step: Step): Promise<StartOutcome> {
  await stopProcesses(context.layout);
  const folder = setAside(context.layout);
  context.progress.line(`The embedded control plane cannot be repaired and is rebuilt empty: ${reason}`);
  context.progress.line(`Its data and the state of the stacks on it were moved to ${folder}.`);
  return start(context, step);
}

/**
 * Starts with the saved data, if need be twice, then without it.
 * @throws Error when it does not start without it either, or when there was none
 */
export async function startOrRebuild(context: Context, record: ControlPlaneRecord | undefined, step: Step): Promise<Cluster> {
  const { layout, tools } = context;
  const created = !hasData(layout) && record?.used !== true && !hasStacks(layout);
  if (created) removeUnfinished(layout);
  const lost = !created && !hasData(layout) ? "its data is gone" : undefined;
  let failure = lost ?? unusableBecause(layout, record, tools);
  for (let attempt = 0; attempt < 2 && failure === undefined; attempt++) {
    const outcome = await start(context, step);
    if ("credentials" in outcome) return { ...outcome, rebuilt: false };
    if (attempt === 1) failure = outcome.failure;
    await stopProcesses(layout);
  }
  const outcome = created ? { failure } : await rebuild(context, failure ?? "", step);
  if ("credentials" in outcome) return { ...outcome, rebuilt: true };
  throw new Error(`The embedded control plane does not start: ${outcome.failure}\nRun npm run down, then the same command again.`);
}
