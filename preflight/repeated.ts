import { setTimeout } from "node:timers/promises";
import { Slots } from "./slots";
import { ReadError } from "./readError";

/** Requests at a time, of everything in this process: a busy server is not made busier. */
const slots = new Slots(16);

/** Milliseconds after which a request that was not answered is given up. */
export const PATIENCE = 60_000;

const [FIRST_PAUSE, LONGEST_PAUSE] = [250, 8000];

/**
 * Makes a request again, with growing pauses, for as long as the server is too busy to answer it.
 *
 * @param signal ends the pauses as well
 * @throws ReadError of the last attempt, after a minute, when `signal` ends it, or where the server asks for a longer pause than is left
 */
export async function repeated<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await slots.run(request);
    } catch (error) {
      if (!(error instanceof ReadError) || error.unread !== "not checked" || signal.aborted) throw error;
      // not all at the same time again
      const wait = Math.max(error.retryAfter, pause * (0.5 + Math.random() / 2));
      if (Date.now() + wait > end) throw error;
      await setTimeout(wait, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}
