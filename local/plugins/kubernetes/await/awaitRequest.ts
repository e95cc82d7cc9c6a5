import type { EngineLog } from "../../server/provider";
import type { KubernetesClient } from "../client";
import type { KubernetesObject } from "../kubernetesObject";

/** What is waited for, and for how long. */
export interface AwaitRequest {
  readonly client: Pick<KubernetesClient, "request" | "resourcePath" | "watch">;
  /** The object as the server last gave it. */
  readonly object: KubernetesObject;
  readonly operation: "create" | "update";
  /** From `customTimeouts`, in seconds; 0 or nothing: the annotation `pulumi.com/timeoutSeconds`, then the kind's default. */
  readonly timeoutSeconds?: number;
  readonly urn: string;
  readonly log: EngineLog;
  /** Aborted when the user cancels the operation. */
  readonly signal: AbortSignal;
}
