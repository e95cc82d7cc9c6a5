import { setTimeout as sleep } from "node:timers/promises";
import { PartialFailure, type CreateRequest, type CreateResult, type JsonObject } from "../server/provider";
import { ApiError, NoMatch } from "./apiError";
import { AwaitError } from "./await/awaitError";
import { awaitReady } from "./await/awaitReady";
import { plainInputs, writeCheckpoint } from "./checkpoint";
import { reachable, type Session } from "./session";
import { fieldManagerOf, forcesConflicts } from "./fieldManager";
import { textAt, withoutField, withoutNulls } from "./fields";
import type { KubernetesObject } from "./kubernetesObject";
import { fullName } from "./objectNames";
import { ObjectStore } from "./objectStore";
import { isPreviewable } from "./previewable";
import { describeKind, isPatch, kindOfType } from "./resourceType";

/** Seconds before each new attempt to create what the server does not know yet: its kind, or its namespace. */
const patience = [1, 2, 4, 8, 16, 32];

const EXISTS = `

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use \`pulumi import\`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create.`;

/** Makes an object, or, in a preview, asks the server what it would make of it. @throws PartialFailure when it did not become ready */
export async function create(session: Session, request: CreateRequest): Promise<CreateResult> {
  const creation = new Creation(session, request);
  return request.preview ? creation.preview() : creation.run();
}

class Creation {
  private readonly inputs: JsonObject;
  private readonly fieldManager: string;
  private readonly patch: boolean;

  constructor(
    private readonly session: Session,
    private readonly request: CreateRequest,
  ) {
    this.inputs = plainInputs(withoutNulls(request.inputs));
    this.fieldManager = fieldManagerOf(session.settings, this.inputs, "");
    this.patch = isPatch(request.type, this.inputs);
  }

  async preview(): Promise<CreateResult> {
    const asGiven = { id: "", outputs: this.request.inputs };
    const { serverSideApply } = this.session.settings;
    if (this.patch || !serverSideApply || !(await isPreviewable(this.session, this.inputs))) return asGiven;
    try {
      const made = await this.write(new ObjectStore(reachable(this.session).client));
      return { id: "", outputs: this.outputs(withoutField(made, ["status"])) };
    } catch (error) {
      if (isUnforeseeable(error)) return asGiven;
      throw this.refused(error);
    }
  }

  async run(): Promise<CreateResult> {
    const { client } = reachable(this.session);
    const store = new ObjectStore(client);
    const made = await this.attempt(store);
    const { urn, timeoutSeconds, signal } = this.request;
    try {
      const { log } = this.session;
      const live = await awaitReady({ client, object: made, operation: "create", timeoutSeconds, urn, log, signal });
      return { id: fullName(live), outputs: this.outputs(live) };
    } catch (error) {
      throw this.notReady(error);
    }
  }

  private async attempt(store: ObjectStore): Promise<KubernetesObject> {
    for (const seconds of patience) {
      try {
        return await this.write(store);
      } catch (error) {
        if (!isTooEarly(error)) throw this.refused(error);
        await sleep(seconds * 1000, undefined, { signal: this.request.signal });
      }
    }
    return this.write(store).catch((error: unknown) => {
      throw this.refused(error);
    });
  }

  private write(store: ObjectStore): Promise<KubernetesObject> {
    const { preview, signal } = this.request;
    const options = { dryRun: preview, signal };
    const { upsert, serverSideApply } = this.session.settings;
    if (!serverSideApply || !(this.patch || upsert)) return store.create(this.inputs, options);
    const force = preview || forcesConflicts(this.session.settings, this.inputs, undefined, false);
    return store.apply(this.inputs, { ...options, fieldManager: this.fieldManager, force });
  }

  private outputs(live: JsonObject): JsonObject {
    const { inputs, fieldManager } = this;
    return writeCheckpoint({ inputs, live, fieldManager, initialApiVersion: textAt(inputs, ["apiVersion"]) }, this.request.inputs);
  }

  private refused(error: unknown): Error {
    const { urn, type } = this.request;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof NoMatch) {
      return new Error(
        `creation of resource "${urn}" with kind ${describeKind(kindOfType(type))} failed because the Kubernetes API server reported that the apiVersion ` +
          `for this resource does not exist. Verify that any required CRDs have been created: ${message}`,
      );
    }
    const advice = error instanceof ApiError && error.reason === "AlreadyExists" ? EXISTS : "";
    return new Error(`resource "${urn}" was not successfully created by the Kubernetes API server: ${message}${advice}`);
  }

  private notReady(error: unknown): unknown {
    if (!(error instanceof AwaitError)) return error;
    const { message, object, reasons } = error;
    return new PartialFailure(message, fullName(object), this.request.inputs, this.outputs(object), reasons);
  }
}

/** Not there yet, but perhaps soon. */
function isTooEarly(error: unknown): boolean {
  return error instanceof NoMatch || (error instanceof ApiError && error.status === 404);
}

/** What a preview cannot know: a namespace that the same program makes, an object that is deleted before. */
function isUnforeseeable(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const missingNamespace = error.status === 404 && error.details.kind === "namespaces";
  return missingNamespace || error.status === 403 || error.reason === "AlreadyExists";
}
