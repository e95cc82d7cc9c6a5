import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../server/provider";
import { fieldAt } from "./fields";
import { described } from "./identity";
import type { ObjectApi } from "./objectApi";
import { unready, type Unready } from "./readiness";

const DEFAULT_SECONDS = 600;
const pauses = { shortest: 100, longest: 1000 };

/** How long something is waited for, and who hears of it. */
export interface Patience {
  /** 0 is ten minutes. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  readonly say: (status: string) => void;
}

/** An object exists, but not in the way that was waited for. */
export class NotReady extends Error {
  constructor(
    readonly object: JsonObject,
    reason: string,
  ) {
    super(`${described(object)} ${reason}`);
  }
}

/** Waits until an object is ready, and gives it as it is then. @throws NotReady */
export async function untilReady(api: ObjectApi, object: JsonObject, patience: Patience): Promise<JsonObject> {
  let problem: Unready;
  return poll(api, object, patience, async (live) => {
    if (live === undefined) throw new NotReady(object, "was deleted while it was waited for");
    problem = await unready(live, api);
    if (problem?.final === true) throw new NotReady(live, `failed: ${problem.reason}`);
    return problem === undefined ? undefined : `is not ready: ${problem.reason}`;
  });
}

/** Waits until an object is gone, or another has its name. @throws NotReady */
export async function untilGone(api: ObjectApi, object: JsonObject, patience: Patience): Promise<void> {
  const uid = fieldAt(object, "metadata", "uid");
  await poll(api, object, patience, (live) => {
    if (live === undefined || fieldAt(live, "metadata", "uid") !== uid) return undefined;
    const finalizers = JSON.stringify(fieldAt(live, "metadata", "finalizers") ?? []);
    return `is still there; its finalizers: ${finalizers}`;
  });
}

/** Looks at an object until nothing is missing. An API server that does not answer for a moment is asked again. */
async function poll(
  api: ObjectApi,
  object: JsonObject,
  { timeoutSeconds, signal, say }: Patience,
  missing: (live: JsonObject | undefined) => string | undefined | Promise<string | undefined>,
): Promise<JsonObject> {
  const seconds = timeoutSeconds > 0 ? timeoutSeconds : DEFAULT_SECONDS;
  const deadline = Date.now() + seconds * 1000;
  let live: JsonObject | undefined = object;
  for (let pause = pauses.shortest, said = ""; ; pause = Math.min(pause * 1.5, pauses.longest)) {
    const status = await missing(live);
    if (status === undefined) return live ?? object;
    if (signal.aborted) throw new NotReady(live ?? object, `${status}; the operation was cancelled`);
    if (Date.now() >= deadline) throw new NotReady(live ?? object, `${status}; ${seconds.toString()} s have passed`);
    if (status !== said) say((said = status));
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    live = await api.find(object).catch(() => live);
  }
}
