import { type Messaging, queuesInDatabase } from "./messaging";

/** Who connects to the database. */
export interface Connecting {
  readonly messaging: Pick<Messaging, "type">;
  /** Pods of the apiserver. */
  readonly apiservers: number;
  /** Workers at most, the autoscaler's and those of the ReplicationController itself. */
  readonly workers: number;
  readonly autoscaler: boolean;
}

/** What every program's pool of connections grows to. @see https://github.com/airbusgeo/geocube/blob/main/interface/messaging/pgqueue/pgqueue.go */
const pool = 5;

/** For PostgreSQL itself, the Jobs that make the schema and the backup, and whoever looks into it. */
const reserve = 10;

/** The connections that all of them may have at once, and the sum in words. */
export function connectionsNeeded({ messaging, apiservers, workers, autoscaler }: Connecting): {
  readonly sum: number;
  readonly text: string;
} {
  const queue = queuesInDatabase(messaging);
  const parts = [
    { count: queue ? workers : 0, each: pool, who: "workers" },
    { count: apiservers, each: queue ? 2 * pool : pool, who: "apiserver" },
    { count: queue && autoscaler ? 1 : 0, each: pool, who: "autoscaler" },
    { count: 1, each: reserve, who: "reserve" },
  ].filter(({ count }) => count > 0);
  const sum = parts.reduce((all, { count, each }) => all + count * each, 0);
  const terms = parts.map(({ count, each, who }) => `${count} × ${each} (${who})`);
  return { sum, text: `${terms.join(" + ")} = ${sum}` };
}

/** How many workers the database's connections do for. */
export function workersThatFit(connecting: Connecting, maxConnections: number): number {
  return Math.max(0, Math.floor((maxConnections - connectionsNeeded({ ...connecting, workers: 0 }).sum) / pool));
}
