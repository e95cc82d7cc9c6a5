import { setTimeout as sleep } from "node:timers/promises";
import {
  PartialFailure,
  type CreateRequest,
  type CreateResult,
  type EngineLog,
  type JsonObject,
  type UpdateRequest,
} from "../server/provider";
import { containsUnknown } from "../server/values";
import { ApiError } from "./apiError";
import { without } from "./fields";
import { fieldManager, takesFields, takeFromCreator } from "./fieldManager";
import { described, idOf, isPatch } from "./identity";
import type { ObjectApi } from "./objectApi";
import { objectState, plainInputs } from "./objectState";
import { NotReady, untilReady } from "./waiting";

/** Seconds in which the namespace or the definition that an object needs may still come. */
const patienceSeconds = 60;

/** Creates and updates objects, both by server-side apply, and previews that by a dry run. */
export class ObjectWriter {
  /** @param force take fields from other managers */
  constructor(
    private readonly api: ObjectApi,
    private readonly force: boolean,
    private readonly log: EngineLog,
  ) {}

  /** Makes an object that is not there yet; a Patch may find one. @throws PartialFailure when it does not become ready */
  async create(request: CreateRequest): Promise<CreateResult> {
    const inputs = plainInputs(request.inputs);
    const manager = fieldManager(inputs);
    if (request.preview) return { id: "", outputs: await this.preview(request, inputs, manager) };
    if (!isPatch(request.type, inputs) && (await this.api.find(inputs)) !== undefined)
      throw new Error(`${described(inputs)} already exists: delete it, or take it over with pulumi import`);
    const made = await this.whenPossible(() => this.apply(inputs, manager, request), request.signal);
    const live = await this.ready(made, request, (live) => objectState({ inputs, live, manager }), request.inputs);
    return { id: idOf(live), outputs: objectState({ inputs, live, manager }) };
  }

  /** Changes an object. @throws PartialFailure when it does not become ready */
  async update(request: UpdateRequest): Promise<{ readonly outputs: JsonObject }> {
    const inputs = plainInputs(request.inputs);
    const manager = fieldManager(inputs, request.oldState);
    if (request.preview) return { outputs: await this.preview(request, inputs, manager) };
    const before = await this.api.find(inputs);
    if (before !== undefined && !isPatch(request.type, inputs)) await takeFromCreator(this.api, before, manager);
    const state = (live: JsonObject): JsonObject => objectState({ inputs, live, manager, before: request.oldState });
    const made = await this.apply(inputs, manager, request);
    return { outputs: state(await this.ready(made, request, state, request.oldInputs)) };
  }

  /** Lets go of the manager's fields; those that nobody else manages vanish. */
  async release({ apiVersion = "", kind = "", metadata = {} }: JsonObject, manager: string): Promise<void> {
    const { name = "", namespace } = metadata as JsonObject;
    const only: JsonObject = { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
    await this.api.apply(only, { manager, force: false, dryRun: false });
  }

  /** What the server would make of the inputs; the inputs alone where it cannot say that yet. */
  private async preview(request: CreateRequest, inputs: JsonObject, manager: string): Promise<JsonObject> {
    if (containsUnknown(inputs)) return request.inputs;
    try {
      const [isNew, live] = [!("id" in request), await this.api.find(inputs)];
      // what is to be replaced, perhaps
      if (isNew && live !== undefined && !isPatch(request.type, inputs)) return request.inputs;
      const then = await this.apply(inputs, manager, request, live);
      return objectState({ inputs, live: isNew ? withoutResults(then) : then, manager });
    } catch (error) {
      if (error instanceof ApiError && [403, 404].includes(error.status)) return request.inputs;
      throw error;
    }
  }

  /** @param live the object of before, where its fields have not been taken over yet */
  private async apply(inputs: JsonObject, manager: string, request: CreateRequest, live?: JsonObject): Promise<JsonObject> {
    const { type, preview, signal } = request;
    try {
      const force = this.force || takesFields(type, inputs, live);
      return await this.api.apply(inputs, { manager, force, dryRun: preview, signal });
    } catch (error) {
      if (error instanceof ApiError) throw new ApiError(error.status, `${described(inputs)}: ${error.message}`);
      throw error;
    }
  }

  private async whenPossible<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let second = 0; second < patienceSeconds; second++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
        await sleep(1000, undefined, { signal });
      }
    }
    return work();
  }

  private async ready(
    made: JsonObject,
    { urn, timeoutSeconds, signal }: CreateRequest,
    state: (live: JsonObject) => JsonObject,
    inputs: JsonObject,
  ): Promise<JsonObject> {
    const say = (status: string): void => {
      this.log.log("info", `${idOf(made)} ${status}`, urn, true);
    };
    try {
      return await untilReady(this.api, made, { timeoutSeconds, signal, say });
    } catch (error) {
      if (!(error instanceof NotReady)) throw error;
      throw new PartialFailure(error.message, idOf(made), inputs, state(error.object), [error.message]);
    }
  }
}

/** A new object's status and identity, of which a dry run only tells a guess. */
function withoutResults(live: JsonObject): JsonObject {
  const { metadata, ...rest } = without(live, "status");
  return { ...rest, metadata: without(metadata as JsonObject, "uid", "resourceVersion", "creationTimestamp") };
}
