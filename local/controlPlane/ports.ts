import { createHash } from "node:crypto";
import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Component, certManager } from "./components";

/** TCP ports on 127.0.0.1, kept over restarts. */
export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
  readonly controllerManager: number;
  readonly scheduler: number;
  readonly kwok: number;
  /** Of the HTTP proxy through which the API server reaches Services and nodes. */
  readonly egress: number;
}

/** A port that could not be kept. */
export interface MovedPort {
  readonly owner: Component;
  readonly from: number;
  readonly to: number;
}

const owners: Readonly<Record<keyof Ports, Component>> = {
  etcd: "etcd",
  etcdPeer: "etcd",
  apiServer: "kube-apiserver",
  controllerManager: "kube-controller-manager",
  scheduler: "kube-scheduler",
  kwok: "kwok-controller",
  egress: certManager,
};

// Below the ports that Linux (32768) and macOS (49152) hand out on their own, and below Kubernetes' node ports (30000).
const lowest = 20_000;
const highest = 29_999;
const blockSize = 10;

const releaseAttempts = 20;
const releaseMillis = 100;

/** The port at which a clone begins to look: far from those of its neighbours, and the same every time. */
export function firstPort(root: string): number {
  const blocks = (highest - lowest + 1) / blockSize;
  return lowest + (createHash("sha256").update(root).digest().readUInt32BE() % blocks) * blockSize;
}

/** Whether a server can listen on `port` of 127.0.0.1 now. */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** Whether something listens on `port` of 127.0.0.1; unlike {@link isFree} this takes it from nobody. */
export async function isServed(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: "127.0.0.1", port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

/** A process that was just killed holds its port for a moment longer than its command line. */
async function becomesFree(port: number): Promise<boolean> {
  for (let attempt = 0; attempt < releaseAttempts; attempt++) {
    if (await isFree(port)) return true;
    await sleep(releaseMillis);
  }
  return false;
}

async function nextFree(start: number, taken: ReadonlySet<number>): Promise<number> {
  const count = highest - lowest + 1;
  for (let step = 0; step < count; step++) {
    const port = lowest + ((start - lowest + step) % count);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error(
    `No free TCP port on 127.0.0.1 from ${lowest} to ${highest}. Stop a program that listens there, then run the same command again.`,
  );
}

/**
 * Ports for every component: the previous one where its owner still holds it or it is free, else the next free one.
 * @param previous of an earlier run, which may have known fewer.
 * @throws Error when no port is left
 */
export async function choosePorts(
  root: string,
  previous: Partial<Ports> | undefined,
  holders: ReadonlySet<string>,
): Promise<{ ports: Ports; moved: MovedPort[] }> {
  const chosen: Partial<Record<keyof Ports, number>> = {};
  const moved: MovedPort[] = [];
  const taken = new Set(Object.values(previous ?? {}));
  for (const name of Object.keys(owners) as (keyof Ports)[]) {
    const kept = previous?.[name];
    const usable = kept !== undefined && (holders.has(owners[name]) || (await becomesFree(kept)));
    const port = usable ? kept : await nextFree(firstPort(root), taken);
    if (kept !== undefined && !usable) moved.push({ owner: owners[name], from: kept, to: port });
    taken.add(port);
    chosen[name] = port;
  }
  return { ports: chosen as Ports, moved };
}
