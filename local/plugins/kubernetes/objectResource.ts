import {
  PartialFailure,
  type CheckRequest,
  type CheckResult,
  type CreateRequest,
  type CreateResult,
  type DeleteRequest,
  type DiffRequest,
  type DiffResult,
  type EngineLog,
  type JsonObject,
  type ReadRequest,
  type ReadResult,
  type Resource,
  type UpdateRequest,
} from "../server/provider";
import { pruned, textAt, without, withMetadata } from "./fields";
import { fieldManager } from "./fieldManager";
import { annotation, described, idOf, isPatch, kindOfType, named, parseId } from "./identity";
import type { ObjectApi } from "./objectApi";
import { objectDiff } from "./objectDiff";
import { hideData, objectState, plainInputs } from "./objectState";
import { ObjectWriter } from "./objectWriter";
import { unready, wantedCondition } from "./readiness";
import { untilGone } from "./waiting";

const gone: ReadResult = { id: "", inputs: {}, outputs: {} };
const policies: Readonly<Record<string, string>> = { orphan: "Orphan", background: "Background" };

/** Resources that are one object on the API server, or, as a Patch, some fields of one. */
export class ObjectResource implements Resource {
  private readonly writer: ObjectWriter;

  /** @param force take fields from other managers */
  constructor(
    private readonly api: ObjectApi,
    private readonly force: boolean,
    private readonly log: EngineLog,
  ) {
    this.writer = new ObjectWriter(api, force, log);
  }

  /** Adds the name and the namespace. @throws Error for what nobody could wait for later */
  async check(request: CheckRequest): Promise<CheckResult> {
    const inputs = named(plainInputs(request.newInputs), request.oldInputs, request);
    wantedCondition(inputs);
    const { apiVersion, kind } = kindOfType(request.type);
    const placed = textAt(inputs, "metadata", "namespace") !== "" || !(await this.api.isNamespaced(apiVersion, kind));
    return { inputs: hideData(placed ? inputs : withMetadata(inputs, { namespace: this.api.namespace })) };
  }

  diff(request: DiffRequest): Promise<DiffResult> {
    return objectDiff(this.api, request, this.force);
  }

  create(request: CreateRequest): Promise<CreateResult> {
    return this.writer.create(request);
  }

  update(request: UpdateRequest): Promise<{ readonly outputs: JsonObject }> {
    return this.writer.update(request);
  }

  /** For a refresh, or, without inputs, for an import: then everything that could have been an input is one. @throws PartialFailure when it is not ready */
  async read({ id, type, oldInputs, oldState, signal }: ReadRequest): Promise<ReadResult> {
    const known = plainInputs(oldInputs);
    const live = await this.api.find(withMetadata({ ...kindOfType(type), ...known }, parseId(id)), signal);
    if (live === undefined) return gone;
    const imported = Object.keys(known).length === 0;
    const inputs = imported ? everyInput(live) : pruned(live, known);
    const outputs = objectState({ inputs, live, manager: fieldManager(known, oldState), before: oldState });
    const problem = imported ? undefined : await unready(live, this.api);
    if (problem === undefined) return { id, inputs: hideData(inputs), outputs };
    const reason = `${described(live)} is not ready: ${problem.reason}`;
    throw new PartialFailure(reason, id, hideData(inputs), outputs, [reason]);
  }

  /** Deletes the object and waits until it is gone; a Patch only lets go of its fields. */
  async delete({ id, type, urn, oldInputs, oldState, timeoutSeconds, signal }: DeleteRequest): Promise<void> {
    const known = plainInputs(oldInputs);
    const live = await this.api.find(withMetadata({ ...kindOfType(type), ...known }, parseId(id)));
    if (live === undefined) return;
    if (isPatch(type, known)) return this.writer.release(live, fieldManager(known, oldState));
    await this.api.remove(live, policies[annotation(known, "pulumi.com/deletionPropagationPolicy").toLowerCase()] ?? "Foreground");
    if (annotation(known, "pulumi.com/skipAwait") === "true") return;
    const say = (status: string): void => {
      this.log.log("info", `${idOf(live)} ${status}`, urn, true);
    };
    await untilGone(this.api, live, { timeoutSeconds, signal, say });
  }
}

/** What of a live object a program could have said. */
function everyInput(live: JsonObject): JsonObject {
  const metadata = without(live.metadata as JsonObject, "creationTimestamp", "generation", "managedFields", "resourceVersion", "uid");
  return { ...without(live, "status"), metadata };
}
