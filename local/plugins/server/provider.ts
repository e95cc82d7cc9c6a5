/**
 * What a stand-in plugin implements. Values are JSON as the engine sends it, unknown ones as in `values.ts`. Secrets come as plain values: the engine
 * marks what a plugin gives back where the input of the same name was secret.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface ResourceRequest {
  readonly urn: string;
  /** The type token, e.g. `kubernetes:core/v1:ConfigMap`. */
  readonly type: string;
  /** The resource's logical name. */
  readonly name: string;
}

export interface CheckRequest extends ResourceRequest {
  /** Inputs of the last successful update; empty for a new resource. */
  readonly oldInputs: JsonObject;
  readonly newInputs: JsonObject;
  /** Makes autonames repeatable between preview and update. */
  readonly randomSeed: Uint8Array;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: JsonObject;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: JsonObject;
  readonly oldState: JsonObject;
  readonly newInputs: JsonObject;
  readonly ignoreChanges: readonly string[];
}

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface PropertyDiff {
  readonly kind: DiffKind;
  readonly inputDiff: boolean;
}

export interface DiffResult {
  readonly changes: boolean;
  /** Top-level properties that changed. */
  readonly diffs?: readonly string[];
  /** Property paths that force a replacement. */
  readonly replaces?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, PropertyDiff>>;
  readonly deleteBeforeReplace?: boolean;
}

export interface CreateRequest extends ResourceRequest {
  readonly inputs: JsonObject;
  readonly preview: boolean;
  /** Seconds; 0 when the program sets no customTimeouts. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

export interface CreateResult {
  readonly id: string;
  readonly outputs: JsonObject;
}

export interface UpdateRequest extends CreateRequest {
  readonly id: string;
  readonly oldInputs: JsonObject;
  readonly oldState: JsonObject;
  readonly ignoreChanges: readonly string[];
}

export interface ReadRequest extends ResourceRequest {
  readonly id: string;
  /** Empty when the resource is imported or read by `get`. */
  readonly oldInputs: JsonObject;
  readonly oldState: JsonObject;
  readonly signal: AbortSignal;
}

/** `id: ""` says that the resource is gone. */
export interface ReadResult {
  readonly id: string;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
}

export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: JsonObject;
  readonly oldState: JsonObject;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** Thrown when the object exists but did not become ready: the engine keeps it in the state with `reasons`. */
export class PartialFailure extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly inputs: JsonObject,
    readonly outputs: JsonObject,
    readonly reasons: readonly string[],
  ) {
    super(message);
  }
}

/** Messages to the engine's display, attached to a resource. */
export interface EngineLog {
  log(severity: "debug" | "info" | "warning" | "error", message: string, urn?: string, ephemeral?: boolean): void;
}

/** What can be done with a kind of resource. */
export interface Resource {
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<CreateResult>;
  update(request: UpdateRequest): Promise<{ readonly outputs: JsonObject }>;
  read(request: ReadRequest): Promise<ReadResult>;
  delete(request: DeleteRequest): Promise<void>;
}

export interface Provider {
  readonly name: string;
  readonly version: string;
  /** Called once, before any resource. @param inputs the provider's own */
  configure(inputs: JsonObject, log: EngineLog): void;
  /** What a change of the provider's own inputs means. @default nothing */
  diffConfig?(request: DiffRequest): DiffResult;
  /** @param type the type token. @throws Error for a kind that it does not have */
  resource(type: string): Resource;
}
