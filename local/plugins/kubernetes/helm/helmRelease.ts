import { parse } from "yaml";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  Json,
  JsonObject,
  ReadRequest,
  ReadResult,
  Resource,
  UpdateRequest,
} from "../../server/provider";
import { UNKNOWN, containsUnknown, secret } from "../../server/values";
import type { ClusterConfig } from "../clusterConfig";
import { mapKeys, textAt } from "../fields";
import { autoname, parseId } from "../identity";
import { diffResult, inputDiff } from "../inputDiff";
import { changeRelease, releaseId } from "./changeRelease";
import { Helm } from "./helm";
import { chartArguments, fullInputs, waitFlags } from "./releaseInputs";
import { askRelease, releaseState } from "./releaseRecord";

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
    const changes = inputDiff(withoutEmptyLists(oldInputs), withoutEmptyLists(newInputs));
    const replaces = ["name", "namespace"].filter((key) => changes.has(key));
    return Promise.resolve(diffResult(changes, replaces));
  }

  /** Installs. @throws PartialFailure when it failed and left a release */
  create(request: CreateRequest): Promise<CreateResult> {
    const { inputs } = request;
    if (request.preview) return Promise.resolve({ id: "", outputs: foreseen(inputs) });
    return this.helm(inputs, request.signal, async (helm) => {
      if ((await askRelease(helm, textAt(inputs, "name"))) !== undefined)
        throw new Error(`the Helm release ${releaseId(inputs)} already exists`);
      return { id: releaseId(inputs), outputs: await changeRelease(helm, "install", { inputs, kept: inputs, before: 0 }) };
    });
  }

  /** Upgrades. @throws PartialFailure when it failed and left another revision */
  update(request: UpdateRequest): Promise<{ readonly outputs: JsonObject }> {
    const { inputs } = request;
    if (request.preview) return Promise.resolve({ outputs: foreseen(inputs) });
    return this.helm(inputs, request.signal, async (helm) => {
      const before = (await askRelease(helm, textAt(inputs, "name")))?.revision ?? 0;
      return { outputs: await changeRelease(helm, "upgrade", { inputs, kept: request.oldInputs, before }) };
    });
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

  private helm<T>(inputs: JsonObject, signal: AbortSignal | undefined, use: (helm: Helm) => Promise<T>): Promise<T> {
    return Helm.during({ kubeconfig: this.cluster.exportConfig(), namespace: textAt(inputs, "namespace"), signal }, use);
  }
}

/** The official plugin leaves them out of the state. */
function withoutEmptyLists(inputs: JsonObject): JsonObject {
  return mapKeys(inputs, (key, value) => (Array.isArray(value) && value.length === 0 ? undefined : key));
}

/** What helm will make is unknown in a preview. */
function foreseen(inputs: JsonObject): JsonObject {
  return { ...inputs, resourceNames: UNKNOWN, status: UNKNOWN, __inputs: secret(inputs) };
}
