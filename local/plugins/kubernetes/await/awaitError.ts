import type { KubernetesObject } from "../kubernetesObject";

/** The object exists on the server but did not become ready (or did not go away). */
export class AwaitError extends Error {
  constructor(
    message: string,
    /** The object as it was last seen. */
    readonly object: KubernetesObject,
    /** What the engine keeps with the object as its `initErrors`; the first is `message`. */
    readonly reasons: readonly string[],
  ) {
    super(message);
  }
}
