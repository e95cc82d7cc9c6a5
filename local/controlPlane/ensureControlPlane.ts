import type { Progress } from "../progress";
import type { Tools } from "../toolchain/ensureTools";
import { ensureCertManager } from "./certManager";
import { createClusterObjects } from "./clusterObjects";
import { clusterComponents } from "./components";
import { missingPki, readCredentials, writeKubeconfig } from "./credentials";
import { unhealthyComponents } from "./health";
import { layoutOf } from "./layout";
import { withLock } from "./lock";
import { runningProcesses } from "./processes";
import { type ControlPlaneRecord, readRecord } from "./record";
import { hasData } from "./savedState";
import { fingerprint } from "./settings";
import { type Cluster, type Context, startOrRebuild } from "./startOrRebuild";

/** A running embedded control plane. */
export interface ControlPlane {
  /** Path of a kubeconfig whose only context is `trustplane`. */
  readonly kubeconfig: string;
  /** Such as `https://127.0.0.1:20450`; kept over restarts unless another program has taken the port. */
  readonly server: string;
  /** It is new and empty where there had been another: stacks deployed on that one have lost their objects, and their state was put aside. */
  readonly rebuilt: boolean;
}

/** The cluster, where it runs with the wanted settings and is well. */
async function healthyCluster({ layout, tools }: Context, record: ControlPlaneRecord | undefined): Promise<Cluster | undefined> {
  if (record?.ports.egress === undefined || missingPki(layout).length > 0) return undefined;
  const ports = { ...record.ports, egress: record.ports.egress };
  if (record.fingerprint !== fingerprint(layout, tools, ports)) return undefined;
  const credentials = readCredentials(layout, ports.apiServer);
  const [running, unhealthy] = await Promise.all([runningProcesses(layout), unhealthyComponents(ports, credentials)]);
  const present = new Set(running.map(({ component }) => component));
  const well = unhealthy.length === 0 && clusterComponents.every((component) => present.has(component));
  return well ? { credentials, ports, rebuilt: false } : undefined;
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
  const { credentials, ports, rebuilt } = (await healthyCluster(context, record)) ?? (await startCluster(context, record));
  writeKubeconfig(layout, credentials);
  await ensureCertManager(layout, tools, ports);
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
