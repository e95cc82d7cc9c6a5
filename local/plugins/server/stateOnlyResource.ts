import type { CreateResult, Json, JsonObject } from "./provider";

/** Something wrong with one input. */
export interface InputProblem {
  /** The property's name. */
  readonly path: string;
  readonly reason: string;
}

/** A kind of resource that exists nowhere but in the stack's state: random values, keys, certificates. Values are plain, without secrets. */
export interface StateOnlyResource {
  /** The type token, e.g. `random:index/randomId:RandomId`. */
  readonly type: string;
  /** Names of the inputs that it knows; others are refused. */
  readonly inputs: readonly string[];
  /** Values of the inputs that a program leaves out. */
  readonly defaults: JsonObject;
  /** Names of the outputs that are known only after creation. */
  readonly computed: readonly string[];
  /** Names of the outputs that are secret whatever the inputs were. */
  readonly secrets: readonly string[];
  /** Names of the properties that can change without a replacement. @default none */
  readonly updatable?: readonly string[];
  /** True: a replacement lists the computed outputs among its differences. @default false */
  readonly showsComputed?: boolean;
  /** The schema version that the official plugin writes into the state, so that it can take over. @default none */
  readonly schemaVersion?: string;
  /** What is wrong with known inputs; unknown ones are looked at when they are known. */
  check(inputs: JsonObject): readonly InputProblem[];
  /** Properties that follow from others. */
  derive?(planned: JsonObject): JsonObject;
  /** Properties that force a replacement by the clock alone. */
  expired?(planned: JsonObject, state: JsonObject): readonly string[];
  /** What time has changed in the state. */
  refresh?(state: JsonObject): JsonObject;
  /** Makes it. The outputs are those that the inputs do not have; the id is added to them. */
  create(planned: JsonObject): Promise<CreateResult>;
}

/** The text of an attribute, `""` where it is missing. */
export function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The number of an attribute, 0 where it is missing. */
export function count(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}

/** The texts of a list attribute, none where it is missing. */
export function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly Json[]).map(text) : [];
}
