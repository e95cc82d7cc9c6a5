import { PartialFailure, type JsonObject, type UpdateRequest } from "../server/provider";
import { ApiError, NoMatch } from "./apiError";
import { AwaitError } from "./await/awaitError";
import { awaitReady } from "./await/awaitReady";
import { plainInputs, readCheckpoint, writeCheckpoint, type Checkpoint } from "./checkpoint";
import { fieldManagerOf, forcesConflicts } from "./fieldManager";
import { textAt, withField, withoutNulls } from "./fields";
import { withIgnoredFields } from "./ignoredFields";
import type { KubernetesObject } from "./kubernetesObject";
import { takenOver } from "./managedFields";
import { mergePatch } from "./mergePatch";
import { normalise } from "./normalise";
import { fullName } from "./objectNames";
import { ObjectStore } from "./objectStore";
import { isPreviewable } from "./previewable";
import { pruneToInputs } from "./prune";
import { releaseFields } from "./releaseFields";
import { isDefinition, isPatch } from "./resourceType";
import { reachable, schemasOf, type Session } from "./session";

/** Changes an object, or, in a preview, asks the server what it would become. @throws PartialFailure when it fails or does not become ready */
export async function update(session: Session, request: UpdateRequest): Promise<{ readonly outputs: JsonObject }> {
  if (!request.preview) reachable(session);
  const inputs = await normalise(plainInputs(withoutNulls(request.inputs)), schemasOf(session));
  if (request.preview && !(await isPreviewable(session, inputs))) return { outputs: request.inputs };
  return new Change(session, request, inputs).run();
}

class Change {
  private readonly store: ObjectStore;
  private readonly old: Checkpoint;
  private readonly fieldManager: string;

  constructor(
    private readonly session: Session,
    private readonly request: UpdateRequest,
    private inputs: JsonObject,
  ) {
    this.store = new ObjectStore(reachable(session).client);
    this.old = readCheckpoint(request.oldState);
    this.fieldManager = fieldManagerOf(session.settings, inputs, this.old.fieldManager);
  }

  async run(): Promise<{ readonly outputs: JsonObject }> {
    try {
      const live = await this.change();
      if (!this.request.preview) await this.dropOldManager(live);
      return { outputs: this.outputs(live) };
    } catch (error) {
      if (this.request.preview && error instanceof ApiError && error.status === 403) return { outputs: this.request.inputs };
      throw await this.failure(error);
    }
  }

  private async change(): Promise<KubernetesObject> {
    const before = await this.store.get(this.old.live);
    const written = await this.write(before);
    if (this.request.preview) return written;
    const { urn, timeoutSeconds, signal } = this.request;
    const { client } = reachable(this.session);
    return awaitReady({ client, object: written, operation: "update", timeoutSeconds, urn, log: this.session.log, signal });
  }

  private write(before: KubernetesObject): Promise<KubernetesObject> {
    if (isDefinition(this.inputs)) return this.replace(before);
    return this.session.settings.serverSideApply ? this.apply(before) : this.merge(before);
  }

  /** Definitions are replaced whole, so that no version or field of an old schema stays behind. */
  private replace(before: KubernetesObject): Promise<KubernetesObject> {
    this.inputs = withField(this.inputs, ["metadata", "resourceVersion"], before.metadata.resourceVersion ?? "");
    return this.store.replace(this.inputs, this.fieldManager, this.options());
  }

  private async apply(before: KubernetesObject): Promise<KubernetesObject> {
    const { preview, ignoreChanges, signal } = this.request;
    const entries = preview || isPatch(this.request.type, this.inputs) ? undefined : takenOver(before, this.fieldManager);
    const live = entries === undefined ? before : await this.store.setManagedFields(before, entries, signal);
    this.inputs = withIgnoredFields(this.inputs, live, ignoreChanges, this.fieldManager);
    const force = forcesConflicts(this.session.settings, this.inputs, live, preview);
    return this.store.apply(this.inputs, { ...this.options(), fieldManager: this.fieldManager, force });
  }

  private async merge(before: KubernetesObject): Promise<KubernetesObject> {
    const oldInputs = pruneToInputs(this.old.live, await normalise(this.old.inputs, schemasOf(this.session)));
    return this.store.merge(before, mergePatch(oldInputs, this.inputs), this.options());
  }

  private options(): { readonly dryRun: boolean; readonly signal: AbortSignal } {
    return { dryRun: this.request.preview, signal: this.request.signal };
  }

  /** An annotation may have changed the field manager; the old one lets go. */
  private async dropOldManager(live: KubernetesObject): Promise<void> {
    const { fieldManager } = this.old;
    const changed = this.session.settings.serverSideApply && fieldManager !== "" && fieldManager !== this.fieldManager;
    if (changed) await releaseFields(this.store, live, fieldManager, this.request.signal);
  }

  private outputs(live: JsonObject): JsonObject {
    const { inputs, fieldManager } = this;
    const initialApiVersion = this.old.initialApiVersion === "" ? textAt(inputs, ["apiVersion"]) : this.old.initialApiVersion;
    return writeCheckpoint({ inputs, live, fieldManager, initialApiVersion }, this.request.inputs);
  }

  private async failure(error: unknown): Promise<Error> {
    const { urn } = this.request;
    const text = error instanceof Error ? error.message : String(error);
    if (error instanceof NoMatch) {
      const why = "failed because the Kubernetes API server reported that the apiVersion for this resource does not exist";
      return new Error(`update of resource "${urn}" ${why}. Verify that any required CRDs have been created: ${text}`);
    }
    try {
      return this.partialFailure(error, text, await this.store.get(this.old.live));
    } catch (unreadable) {
      const reason = unreadable instanceof Error ? unreadable.message : String(unreadable);
      return new Error(`update of resource "${urn}" failed: ${text}\nunable to get cluster state: ${reason}`);
    }
  }

  private partialFailure(error: unknown, text: string, live: KubernetesObject): PartialFailure {
    const name = fullName(live);
    const prefixed = `the Kubernetes API server reported that "${name}" failed to fully initialize or become live: ${text}`;
    const { message, reasons } = error instanceof AwaitError ? error : { message: prefixed, reasons: [prefixed] };
    return new PartialFailure(message, name, this.request.oldInputs, this.outputs(live), reasons);
  }
}
