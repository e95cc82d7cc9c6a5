import { setTimeout as sleep } from "node:timers/promises";
import { log } from "./goProgram";
import { connected, literal, Session } from "./psql";

/**
 * The queue in the database, as Geocube uses it: no connection waits for a job, one is kept while it is worked off, and an error of the database ends
 * whoever asks for jobs.
 * @see https://github.com/btubbs/pgq/blob/13050f35082c89fe7877e82a293f93d248addeb9/queries.go
 * @see https://github.com/airbusgeo/geocube/blob/2714e2fb6db79641964c01037ada63e60e2934d6/interface/messaging/pgqueue/pgqueue.go
 */
export interface Queue {
  readonly connection: string;
  readonly name: string;
}

/** What is worth another try. */
export class Temporary extends Error {}

const pollMillis = 10_000;
const retryWaits = [60, 600, 1800];

/** By this machine's clock. */
const now = (afterSeconds = 0): string => literal(new Date(Date.now() + afterSeconds * 1000).toISOString());

async function enqueue(session: Session, name: string, hex: string, after: number, waits: readonly number[]): Promise<void> {
  const own = `ARRAY[${waits.map((seconds) => literal(`${seconds}s`)).join(", ")}]::text[]`;
  const values = `${literal(name)}, decode('${hex}', 'hex'), ${now(after)}, ${own}`;
  await session.rows(`INSERT INTO pgq_jobs (queue_name, data, run_after, retry_waits) VALUES (${values}) RETURNING id`);
}

export async function publish({ connection, name }: Queue, message: object): Promise<void> {
  const hex = Buffer.from(JSON.stringify(message)).toString("hex");
  await connected(connection, (session) => enqueue(session, name, hex, 0, retryWaits));
}

/** Jobs that are due and have not run, those under way among them. */
export async function backlog({ connection, name }: Queue): Promise<number> {
  const due = `queue_name = ${literal(name)} AND run_after < ${now()} AND ran_at IS NULL`;
  const rows = await connected(connection, (session) => session.rows(`SELECT count(*) FROM pgq_jobs WHERE ${due}`));
  return Number(rows[0]?.[0]);
}

/** Works off the jobs, one after the other, for ever. @throws Error of the database */
export async function pull(queue: Queue, handle: (message: unknown) => Promise<void>): Promise<never> {
  for (;;) {
    const attempted = await connected(queue.connection, (session) => next(session, queue.name, handle));
    if (!attempted) await sleep(pollMillis);
  }
}

async function next(session: Session, name: string, handle: (message: unknown) => Promise<void>): Promise<boolean> {
  await session.rows("BEGIN");
  const due = `queue_name = ${literal(name)} AND run_after < ${now()} AND ran_at IS NULL`;
  const columns = "id, encode(data, 'hex'), array_to_string(retry_waits, ' ')";
  const found = await session.rows(`SELECT ${columns} FROM pgq_jobs WHERE ${due} ORDER BY run_after LIMIT 1 FOR UPDATE SKIP LOCKED`);
  const [id, hex = "", waits = ""] = found[0] ?? [];
  if (id !== undefined) {
    const again = await failed(handle, hex);
    await session.rows(`DELETE FROM pgq_jobs WHERE id = ${id}`);
    const [wait, ...others] = waits.split(" ").filter(Boolean).map(parseFloat);
    if (again && wait !== undefined) await enqueue(session, name, hex, wait, others);
  }
  await session.rows("COMMIT");
  return id !== undefined;
}

/** Whether the job is worth another try. */
async function failed(handle: (message: unknown) => Promise<void>, hex: string): Promise<boolean> {
  try {
    await handle(JSON.parse(Buffer.from(hex, "hex").toString()));
    return false;
  } catch (error) {
    const again = error instanceof Temporary;
    log(again ? "warn" : "error", `${again ? "Temporary" : "Fatal"} error: ${(error as Error).message}`);
    return again;
  }
}
