import type { Progress, Step } from "../progress";
import type { Tools } from "../toolchain/ensureTools";
import { ensureCertManagerControllers } from "./certManager";
import { createClusterObjects } from "./clusterObjects";
import { clusterComponents } from "./components";
import { type Credentials, missingPki, readCredentials, writeKubeconfig } from "./credentials";
import { unhealthyComponents } from "./health";
import { type Layout, layoutOf } from "./layout";
import { withLock } from "./lock";
import { choosePorts } from "./ports";
import { runningProcesses, stopProcesses } from "./processes";
import { type ControlPlaneRecord, readRecord, writeRecord } from "./record";
import { hasData, hasStacks, removeUnfinished, setAside, unusableBecause } from "./savedState";
import { fingerprint } from "./settings";
import { type StartOutcome, startProcesses } from "./startCluster";

/** A running embedded control plane. */
export interface ControlPlane {
  /** Path of a kubeconfig whose only context is `trustplane`. */
  readonly kubeconfig: string;
  /** Such as `https://127.0.0.1:20450`; kept over restarts unless another program has taken the port. */
  readonly server: string;
  /** It is new and empty where there had been another: stacks deployed on that one have lost their objects, and their state was put aside. */
  readonly rebuilt: boolean;
}

interface Context {
  readonly layout: Layout;
  readonly tools: Tools;
  readonly progress: Progress;
}

interface Cluster {
  readonly credentials: Credentials;
  readonly rebuilt: boolean;
}

/** The credentials of a cluster that runs with the wanted settings and is well. */
async function healthyCluster({ layout, tools }: Context, record: ControlPlaneRecord | undefined): Promise<Credentials | undefined> {
  if (record?.fingerprint !== undefined && record.fingerprint !== fingerprint(layout, tools, record.ports)) return undefined;
  if (record === undefined || missingPki(layout).length > 0) return undefined;
  const credentials = readCredentials(layout, record.ports.apiServer);
  const [running, unhealthy] = await Promise.all([runningProcesses(layout), unhealthyComponents(record.ports, credentials)]);
  const present = new Set(running.map(({ component }) => component));
  return unhealthy.length === 0 && clusterComponents.every((component) => present.has(component)) ? credentials : undefined;
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

/** Starts with the saved data, if need be twice, then without it. */
async function startOrRebuild(context: Context, record: ControlPlaneRecord | undefined, step: Step): Promise<Cluster> {
  const { layout, tools } = context;
  const created = !hasData(layout) && record?.used !== true && !hasStacks(layout);
  if (created) removeUnfinished(layout);
  const lost = !created && !hasData(layout) ? "its data is gone" : undefined;
  let failure = lost ?? unusableBecause(layout, record, tools);
  for (let attempt = 0; attempt < 2 && failure === undefined; attempt++) {
    const outcome = await start(context, step);
    if ("credentials" in outcome) return { credentials: outcome.credentials, rebuilt: false };
    if (attempt === 1) failure = outcome.failure;
    await stopProcesses(layout);
  }
  const outcome = created ? { failure } : await rebuild(context, failure ?? "", step);
  if ("credentials" in outcome) return { credentials: outcome.credentials, rebuilt: true };
  throw new Error(`The embedded control plane does not start: ${outcome.failure}\nRun npm run down, then the same command again.`);
}

async function startCluster(context: Context, record: ControlPlaneRecord | undefined): Promise<Cluster> {
  const step = context.progress.start(
    hasData(context.layout) ? "starting the embedded control plane" : "creating the embedded control plane",
  );
  try {
    const cluster = await startOrRebuild(context, record, step);
    step.detail("nodes and storage classes");
    await createClusterObjects(cluster.credentials);
    step.done(cluster.credentials.server);
    return cluster;
  } catch (error) {
    step.fail("failed");
    throw error;
  }
}

async function ensure(context: Context): Promise<ControlPlane> {
  const { layout, tools } = context;
  const record = await readRecord(layout);
  const healthy = await healthyCluster(context, record);
  const { credentials, rebuilt } = healthy === undefined ? await startCluster(context, record) : { credentials: healthy, rebuilt: false };
  writeKubeconfig(layout, credentials);
  await ensureCertManagerControllers(layout, tools);
  return { kubeconfig: layout.kubeconfig, server: credentials.server, rebuilt };
}

/**
 * Makes sure that this clone's control plane runs: reused where it is healthy, else started or mended with its state, else rebuilt empty.
 * Everything listens on 127.0.0.1. Several calls at once wait for each other.
 * @param root @default `.trustplane` in the project's folder
 * @throws Error when it cannot be started even without its state
 */
export async function ensureControlPlane(tools: Tools, progress: Progress, root?: string): Promise<ControlPlane> {
  const layout = layoutOf(root);
  return withLock(layout, progress, () => ensure({ layout, tools, progress }));
}
