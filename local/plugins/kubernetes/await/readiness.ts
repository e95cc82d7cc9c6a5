import type { KubernetesObject } from "../kubernetesObject";

/** What is known of an object's readiness at one moment. */
export interface Verdict {
  readonly ready: boolean;
  /** It can no longer become ready. @default false */
  readonly failed?: boolean;
  /** What keeps it from being ready; kept with the object when time is up. */
  readonly reasons?: readonly string[];
  /** One line on its progress, shown while it is waited for. */
  readonly status?: string;
}

/** What a verdict may look at beside the object itself. */
export interface Surroundings {
  /** The objects of a kind in the object's namespace; empty when they may not be listed. */
  list(apiVersion: string, kind: string, labelSelector?: string): Promise<readonly KubernetesObject[]>;
  /** An object of a kind without namespaces; `undefined` when there is none, or it may not be read. */
  get(apiVersion: string, kind: string, name: string): Promise<KubernetesObject | undefined>;
  /** Whether a value has stayed the same for so many milliseconds; always true in a refresh. */
  hasSettled(value: string, milliseconds: number): boolean;
}

/** How the readiness of a kind is found out. */
export interface Readiness {
  /** @default 600 */
  readonly defaultSeconds?: number;
  /** `customTimeouts` and the annotation are not heeded. @default false */
  readonly fixedTimeout?: boolean;
  /** What is said when time is up. */
  readonly timedOut: (name: string) => string;
  /** Whether a refresh asks for readiness as well. @default false */
  readonly refreshed?: boolean;
  judge(object: KubernetesObject, around: Surroundings): Verdict | Promise<Verdict>;
}

/** The words for kinds that the official provider has an awaiter of its own for. */
export const waitingTimedOut = (name: string): string => `'${name}' timed out waiting to be Ready`;

/** The words for kinds that it merely polls. */
export const pollingTimedOut = (name: string): string => `Timeout occurred polling for '${name}'`;

/** The words for conditions. */
export const conditionTimedOut = (): string => "timed out waiting for the condition";
