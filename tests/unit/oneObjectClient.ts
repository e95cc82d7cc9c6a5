import { EventEmitter, on } from "node:events";
import { ApiError, UnreachableError } from "../../local/plugins/kubernetes/apiError";
import type { AwaitRequest } from "../../local/plugins/kubernetes/await/awaitRequest";
import type { KubernetesObject } from "../../local/plugins/kubernetes/kubernetesObject";
import type { WatchEvent } from "../../local/plugins/kubernetes/watchStream";

/** A client of a cluster that holds one object: tells its watchers what is done with it. */
export class OneObjectClient {
  private readonly events = new EventEmitter();
  readonly said: string[] = [];

  constructor(private object: KubernetesObject | undefined) {}

  /** Changes the object. */
  set(object: KubernetesObject): void {
    this.object = object;
    this.events.emit("event", { type: "MODIFIED", object } satisfies WatchEvent);
  }

  /** Deletes the object; `last` is its last state. */
  remove(last: KubernetesObject): void {
    this.object = undefined;
    this.events.emit("event", { type: "DELETED", object: last } satisfies WatchEvent);
  }

  /** A request to wait for the object. */
  request(object: KubernetesObject, more: Partial<AwaitRequest> = {}): AwaitRequest {
    const log = { log: (severity: string, message: string): unknown => this.said.push(`${severity}: ${message}`) };
    const urn = "urn:pulumi:s::p::kubernetes:apps/v1:Deployment::web";
    return { client: this.client(), object, operation: "create", urn, log, signal: new AbortController().signal, ...more };
  }

  private client(): AwaitRequest["client"] {
    const { events } = this;
    return {
      resourcePath: () => Promise.resolve("/path"),
      request: (_method, _path, options) => {
        if (options?.signal?.aborted === true) return Promise.reject(new UnreachableError("Get", "context canceled"));
        if (this.object === undefined) return Promise.reject(new ApiError(404, "NotFound", "not found"));
        return Promise.resolve(this.object);
      },
      watch: async function* (_path, _query, signal) {
        try {
          for await (const [event] of on(events, "event", { signal })) yield event as WatchEvent;
        } catch {
          // aborted
        }
      },
    };
  }
}
