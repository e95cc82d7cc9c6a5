import { parse } from "yaml";
import {
  PartialFailure,
  type CheckRequest,
  type CheckResult,
  type CreateRequest,
  type CreateResult,
  type DeleteRequest,
  type DiffRequest,
  type DiffResult,
  type Json,
  type JsonObject,
  type ReadRequest,
  type ReadResult,
  type Resource,
  type UpdateRequest,
} from "../../server/provider";
import { UNKNOWN, containsUnknown, secret } from "../../server/values";
import type { ClusterConfig } from "../clusterConfig";
import { textAt } from "../fields";
import { autoname, parseId } from "../identity";
import { diffResult, inputDiff } from "../inputDiff";
import { Helm } from "./helm";
import { chartArguments, fullInputs, releaseFlags, valuesOf, waitFlags } from "./releaseInputs";
import { askRelease, releaseState, type ReleaseRecord } from "./releaseRecord";

/** The resource `kubernetes:helm.sh/v3:Release`, by the helm binary. */
export class HelmRelease implements Resource {
  constructor(private readonly cluster: ClusterConfig) {}

  /** Names the release, fills in the defaults and the chart's version. A chart that cannot be loaded is a failure of `chart`. */
  async check({ name, newInputs, oldInputs, randomSeed }: CheckRequest): Promise<CheckResult> {
    const names = [textAt(newInputs, "name"), textAt(oldInputs, "name"), autoname(name, randomSeed)];
    const inputs = fullInputs(newInputs, names.find((each) => each !== "") ?? "", this.cluster.namespace);
    if (containsUnknown(inputs)) return { inputs };
    try {
      const chart = await this.helm(inputs, undefined, (helm) => helm.run("show", "chart", ...chartArguments(inputs)));
      return { inputs: { ...inputs, version: textAt(parse(chart) as Json, "version") } };
    } catch (error) {
      return { inputs, failures: [{ property: "chart", reason: error instanceof Error ? error.message : String(error) }] };
    }
  }

  diff({ oldInputs, newInputs }: DiffRequest): Promise<DiffResult> {
    const changes = inputDiff(oldInputs, newInputs);
    const replaces = ["name", "namespace"].filter((key) => changes.has(key));
    return Promise.resolve(diffResult(changes, replaces));
  }

  /** Installs. @throws PartialFailure when it failed and left a release */
  create(request: CreateRequest): Promise<CreateResult> {
    const { inputs } = request;
    if (request.preview) return Promise.resolve({ id: "", outputs: foreseen(inputs) });
    return this.helm(inputs, request.signal, async (helm) => {
      if ((await askRelease(helm, textAt(inputs, "name"))) !== undefined)
        throw new Error(`the Helm release ${idOf(inputs)} already exists`);
      return { id: idOf(inputs), outputs: await this.run(helm, "install", inputs, inputs) };
    });
  }

  /** Upgrades. @throws PartialFailure when it failed and left another revision */
  update(request: UpdateRequest): Promise<{ readonly outputs: JsonObject }> {
    const { inputs } = request;
    if (request.preview) return Promise.resolve({ outputs: foreseen(inputs) });
    return this.helm(inputs, request.signal, async (helm) => ({ outputs: await this.run(helm, "upgrade", inputs, request.oldInputs) }));
  }

  /** Reads a release; values that somebody else has given it show as its inputs. */
  read({ id, oldInputs, signal }: ReadRequest): Promise<ReadResult> {
    const { name, namespace = this.cluster.namespace } = parseId(id);
    return this.helm({ namespace }, signal, async (helm) => {
      const release = await askRelease(helm, name);
      if (release === undefined) return { id: "", inputs: {}, outputs: {} };
      const { values, version, outputs } = release;
      const known = Object.keys(oldInputs).length > 0 ? oldInputs : { chart: textAt(outputs, "status", "chart") };
      const inputs = { ...fullInputs(known, name, namespace), values, version };
      return { id, inputs, outputs: releaseState(inputs, release) };
    });
  }

  /** Uninstalls; a release that is gone already is fine. */
  async delete({ id, oldInputs, signal }: DeleteRequest): Promise<void> {
    const { name, namespace = this.cluster.namespace } = parseId(id);
    const args = ["uninstall", name, "--ignore-not-found", ...waitFlags(oldInputs)];
    await this.helm({ namespace }, signal, (helm) => helm.run(...args));
  }

  private async run(helm: Helm, command: "install" | "upgrade", inputs: JsonObject, kept: JsonObject): Promise<JsonObject> {
    const name = textAt(inputs, "name");
    const before = (await askRelease(helm, name))?.revision ?? 0;
    const values = ["--values", await helm.valuesFile(valuesOf(inputs))];
    const failure = await helm.run(command, name, ...chartArguments(inputs), ...values, ...releaseFlags(inputs, command)).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    const release = await askRelease(helm, name);
    if (failure !== undefined && release !== undefined && release.revision > before) throw left(failure, release, inputs, kept);
    if (failure !== undefined || release === undefined) throw failure ?? new Error(`the Helm release ${idOf(inputs)} is gone`);
    return releaseState(inputs, release);
  }

  private helm<T>(inputs: JsonObject, signal: AbortSignal | undefined, use: (helm: Helm) => Promise<T>): Promise<T> {
    return Helm.during({ kubeconfig: this.cluster.exportConfig(), namespace: textAt(inputs, "namespace"), signal }, use);
  }
}

function idOf(inputs: JsonObject): string {
  return `${textAt(inputs, "namespace")}/${textAt(inputs, "name")}`;
}

/** What helm will make is unknown in a preview. */
function foreseen(inputs: JsonObject): JsonObject {
  return { ...inputs, resourceNames: UNKNOWN, status: UNKNOWN, __inputs: secret(inputs) };
}

/** A release that failed, or that was rolled back, is kept with the inputs of before, so that the next update tries again. */
function left(failure: Error, release: ReleaseRecord, inputs: JsonObject, kept: JsonObject): PartialFailure {
  const reason = `the Helm release ${idOf(inputs)} failed: ${failure.message}`;
  return new PartialFailure(reason, idOf(inputs), kept, releaseState(kept, release), [reason]);
}
