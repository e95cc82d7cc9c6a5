import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../apiError";
import { asKubernetesObject, type KubernetesObject } from "../kubernetesObject";
import type { AwaitRequest } from "./awaitRequest";

type Observation = Pick<AwaitRequest, "client" | "object" | "signal">;

/** The newest state of one object: told by a watch, and asked for as often as `refresh` is called. */
export class ObservedObject {
  private wake: () => void = () => undefined;
  private hasNews = false;
  private readonly closing = new AbortController();

  private constructor(
    private readonly observation: Observation,
    private readonly path: string,
    /** As last seen; after its deletion the last state before that. */
    public latest: KubernetesObject,
    public deleted: boolean,
  ) {}

  /** Begins to observe the object. */
  static async open(observation: Observation): Promise<ObservedObject> {
    const { apiVersion, kind, metadata } = observation.object;
    const path = await observation.client.resourcePath(apiVersion, kind, metadata.namespace);
    const observed = new ObservedObject(observation, path, observation.object, false);
    // the object is there: who waits must learn of it from what follows, also where nobody can be asked any more
    await observed.refresh().catch(() => undefined);
    void observed.watch();
    return observed;
  }

  /** Ends the watch. */
  close(): void {
    this.closing.abort();
  }

  /** Asks the server. An object of the same name with another uid means that the observed one is gone. */
  async refresh(): Promise<void> {
    const { client, object, signal } = this.observation;
    try {
      const live = await client.request("GET", `${this.path}/${encodeURIComponent(object.metadata.name ?? "")}`, { signal });
      this.take(asKubernetesObject(live), false);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.deleted = true;
    }
  }

  /** Returns when the watch has told something, at the latest after `milliseconds`, when the user cancels at once. */
  async change(milliseconds: number): Promise<void> {
    if (this.hasNews) milliseconds = 0;
    this.hasNews = false;
    const ended = new AbortController();
    const told = new Promise<void>((resolve) => (this.wake = resolve));
    const waited = sleep(milliseconds, undefined, { signal: AbortSignal.any([ended.signal, this.observation.signal]) }).catch(
      () => undefined,
    );
    await Promise.race([told, waited]);
    ended.abort();
  }

  private async watch(): Promise<void> {
    const { client, object, signal } = this.observation;
    const query = { fieldSelector: `metadata.name=${object.metadata.name ?? ""}`, resourceVersion: this.latest.metadata.resourceVersion };
    const ended = AbortSignal.any([signal, this.closing.signal]);
    try {
      for await (const event of client.watch(this.path, query, ended)) {
        if (event.type === "BOOKMARK") continue;
        this.take(event.object, event.type === "DELETED");
        this.hasNews = true;
        this.wake();
      }
    } catch {
      // refresh() goes on without the watch
    }
  }

  private take(live: KubernetesObject, deleted: boolean): void {
    const { uid } = this.observation.object.metadata;
    const another = uid !== undefined && live.metadata.uid !== uid;
    if (!another) this.latest = live;
    this.deleted ||= another || deleted;
  }
}
