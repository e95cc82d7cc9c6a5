import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Step } from "../progress";
import type { Tools } from "../toolchain/ensureTools";
import { type ClusterComponent, clusterComponents, clusterControllers } from "./components";
import { type Credentials, missingPki, readCredentials } from "./credentials";
import { endedMessage } from "./endedMessage";
import { unhealthyComponents } from "./health";
import { type KwokctlRun, createCluster, startCluster } from "./kwokctl";
import type { Layout } from "./layout";
import type { Ports } from "./ports";
import type { OwnArguments } from "./settings";
import { pidFile, runningProcesses, stopProcesses, writePidFiles } from "./processes";

/** How a start went: the way in, or the reason why there is none. */
export type StartOutcome = Started | { readonly failure: string };

interface Started {
  readonly credentials: Credentials;
  readonly ports: Ports;
}

type Look = { readonly outcome: StartOutcome } | { readonly waiting: readonly ClusterComponent[] };

/** For a start that hangs: 4 s on an idle machine, and a process that ended is seen at once. */
const startMillis = 600_000;
const pollMillis = 100;

function allStarted(layout: Layout): boolean {
  return clusterComponents.every((component) => fs.existsSync(pidFile(layout, component)));
}

/** The components that were started and run no more. */
async function endedComponents(layout: Layout): Promise<readonly ClusterComponent[]> {
  const started = clusterComponents.filter((component) => fs.existsSync(pidFile(layout, component)));
  const running = new Set((await runningProcesses(layout)).map(({ component }) => component));
  return started.filter((component) => !running.has(component));
}

/** Controllers give up when the API server takes its time; they are started again once it answers. */
async function restartControllers(layout: Layout, tools: Tools): Promise<void> {
  await writePidFiles(layout, await runningProcesses(layout));
  await startCluster(layout, tools).ended;
}

/** One look at the cluster: the outcome where there is one already, else what is being waited for. */
async function look(layout: Layout, tools: Tools, ports: Ports): Promise<Look> {
  const ended = await endedComponents(layout);
  const broken = ended.find((component) => component === "etcd" || component === "kube-apiserver");
  if (broken !== undefined) return { outcome: { failure: endedMessage(broken, path.join(layout.kubernetesLogs, `${broken}.log`)) } };
  if (missingPki(layout).length > 0) return { waiting: clusterComponents };
  const credentials = readCredentials(layout, ports.apiServer);
  const waiting = await unhealthyComponents(ports, credentials);
  if (waiting.length === 0) return { outcome: { credentials, ports } };
  if (ended.length > 0 && !waiting.includes("kube-apiserver")) await restartControllers(layout, tools);
  return { waiting };
}

async function waitUntilHealthy(layout: Layout, tools: Tools, ports: Ports, step: Step, kwokctl?: KwokctlRun): Promise<StartOutcome> {
  const deadline = Date.now() + startMillis;
  let failed: string | undefined;
  void kwokctl?.ended.then((printed) => (failed = printed));
  for (;;) {
    // All that is left to kwokctl then is to ask by kubectl, five times a second, what is asked here anyway.
    if (allStarted(layout)) kwokctl?.stop();
    const seen = await look(layout, tools, ports);
    if ("outcome" in seen) return seen.outcome;
    const waiting = seen.waiting.join(", ");
    if (failed !== undefined) return { failure: `kwokctl failed:\n${failed}` };
    if (Date.now() > deadline)
      return { failure: `${waiting} did not become healthy within ${startMillis / 1000} s; their logs are in ${layout.kubernetesLogs}` };
    step.detail(`waiting for ${waiting}`);
    await sleep(pollMillis);
  }
}

/** Controllers ask for a lost API server less and less often, up to half a minute apart. Ended and started again they ask at once. */
async function endControllersWithoutServer(layout: Layout): Promise<void> {
  const running = await runningProcesses(layout);
  if (!running.some(({ component }) => component === "kube-apiserver")) await stopProcesses(layout, clusterControllers);
}

/** Starts every process that does not run and waits until all are healthy, or until that cannot be any more. */
export async function startProcesses(
  layout: Layout,
  tools: Tools,
  ports: Ports,
  step: Step,
  own: OwnArguments = {},
): Promise<StartOutcome> {
  await endControllersWithoutServer(layout);
  await writePidFiles(layout, await runningProcesses(layout));
  if (allStarted(layout)) return waitUntilHealthy(layout, tools, ports, step);
  const kwokctl = await createCluster(layout, tools, ports, own);
  try {
    return await waitUntilHealthy(layout, tools, ports, step, kwokctl);
  } finally {
    kwokctl.stop();
  }
}
