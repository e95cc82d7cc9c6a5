import { setTimeout as sleep } from "node:timers/promises";
import type { EdgeClient } from "./edgeClient";

interface Calls {
  /** What went wrong, one entry for each call that did. */
  readonly failures: readonly string[];
  /** Serial numbers of the leaves, in the order in which they were first served. */
  readonly leaves: readonly string[];
}

/** Calls through the edge without a pause, each time over a new connection. */
export class SteadyCaller {
  private readonly failures: string[] = [];
  private readonly leaves = new Set<string>();
  private calls = 0;
  private ending = false;
  private readonly ended: Promise<void>;

  constructor(private readonly client: EdgeClient) {
    this.ended = this.call();
  }

  /** Waits until so many more calls are through. */
  async served(calls: number): Promise<void> {
    const wanted = this.calls + calls;
    while (this.calls < wanted) await sleep(5);
  }

  async stop(): Promise<Calls> {
    this.ending = true;
    await this.ended;
    return { failures: this.failures, leaves: [...this.leaves] };
  }

  private async call(): Promise<void> {
    for (; !this.ending; this.calls++) {
      try {
        const { status, leaf } = await this.client.ask({ path: "/version" });
        this.leaves.add(leaf);
        if (status !== 200) this.failures.push(`status ${status}`);
      } catch (error) {
        this.failures.push(String(error));
      }
    }
  }
}
