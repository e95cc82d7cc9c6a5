import { PartialFailure, type JsonObject } from "../../server/provider";
import { textAt } from "../fields";
import type { Helm } from "./helm";
import { chartArguments, releaseFlags, valuesOf } from "./releaseInputs";
import { askRelease, releaseState, type ReleaseRecord } from "./releaseRecord";

/** What a release is to become. */
export interface Change {
  readonly inputs: JsonObject;
  /** What the state keeps as inputs where the change fails. */
  readonly kept: JsonObject;
  /** The revision before. */
  readonly before: number;
}

/** Installs or upgrades, and gives the outputs. @throws PartialFailure when it failed and left another revision */
export async function changeRelease(helm: Helm, command: "install" | "upgrade", { inputs, kept, before }: Change): Promise<JsonObject> {
  const name = textAt(inputs, "name");
  const values = ["--values", await helm.valuesFile(valuesOf(inputs))];
  const failure = await helm.run(command, name, ...chartArguments(inputs), ...values, ...releaseFlags(inputs, command)).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  const release = await askRelease(helm, name);
  if (failure !== undefined && release !== undefined && release.revision > before) throw left(failure, release, inputs, kept);
  if (failure !== undefined || release === undefined) throw failure ?? new Error(`the Helm release ${releaseId(inputs)} is gone`);
  return releaseState(inputs, release);
}

/** The id of a resource that is a release. */
export function releaseId(inputs: JsonObject): string {
  return `${textAt(inputs, "namespace")}/${textAt(inputs, "name")}`;
}

/** A release that failed, or that was rolled back, is kept with the inputs of before, so that the next update tries again. */
function left(failure: Error, release: ReleaseRecord, inputs: JsonObject, kept: JsonObject): PartialFailure {
  const reason = `the Helm release ${releaseId(inputs)} failed: ${failure.message}`;
  return new PartialFailure(reason, releaseId(inputs), kept, releaseState(kept, release), [reason]);
}
