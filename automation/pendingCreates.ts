import * as fs from "node:fs";
import * as path from "node:path";
import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { isMarkedSecret } from "./comment/secrets";
import { type Deployment, shortName, type StateResource } from "./deployment";
import type { OperationRecord } from "./operationRecord";
import type { OpenStack } from "./workspace";

/** Of these a creation may be repeated: a Patch says the same again, and a Release is not known by its objects. */
const repeatable = /^kubernetes:(?:helm\.sh\/|.*Patch$)/;

/** How the engine says that a provider was gone before it answered, and a provider that it did not get the API server's answer or was not to wait for it. */
const noAnswer =
  /error reading from server|transport is closing|connection error: desc|code = Unavailable|context canceled|connection reset by peer|\bEOF$/m;

/** A Kubernetes object that may be there or not: a creation of which nobody knows whether it was carried out. Its id follows from its name. */
export interface PendingCreate extends StateResource {
  readonly id: string;
}

/** The creations that were pending when a run was killed, as its state tells. */
export function pendingCreates({ resources = [], pending_operations: pending = [] }: Deployment): readonly PendingCreate[] {
  const known = new Set(resources.map(({ urn }) => urn));
  const created = pending.filter(({ type, resource }) => type === "creating" && !known.has(resource.urn));
  return created.flatMap(({ resource }) => withId(resource));
}

/** The creations that an operation did not hear of again. The engine does not keep these. */
export function lostCreates({ failedCreates, errors }: Pick<OperationRecord, "failedCreates" | "errors">): readonly PendingCreate[] {
  const isLost = ({ urn }: StepEventMetadata): boolean =>
    errors.some((error) => error.startsWith(`${shortName(urn)}: `) && noAnswer.test(error));
  return failedCreates.filter(isLost).flatMap(({ urn, type, new: state }) => {
    const { parent, provider, inputs = {} } = state ?? {};
    return withId({ urn, type, custom: true, parent, provider, inputs: withoutSecrets(inputs) as Readonly<Record<string, unknown>> });
  });
}

function withId(resource: StateResource): readonly PendingCreate[] {
  if (!resource.type.startsWith("kubernetes:") || repeatable.test(resource.type)) return [];
  const { name, namespace } = (resource.inputs?.metadata ?? {}) as { readonly name?: unknown; readonly namespace?: unknown };
  if (typeof name !== "string") return [];
  return [{ ...resource, id: typeof namespace === "string" ? `${namespace}/${name}` : name }];
}

/** Of secrets events have the mark alone; the next update says them again. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isMarkedSecret(item)).map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  const known = Object.entries(value).filter(([, item]) => !isMarkedSecret(item));
  return Object.fromEntries(known.map(([key, item]) => [key, withoutSecrets(item)]));
}

interface Exported {
  readonly deployment: Deployment;
}

/** A state in which these creations are taken for done; a refresh then finds out which of them are. */
export function withCreated<State extends Exported>(state: State, creates: readonly PendingCreate[]): State {
  const { resources = [], pending_operations: pending = [] } = state.deployment;
  const known = new Set(resources.map(({ urn }) => urn));
  const added = new Map(creates.map((create) => [create.urn, create]));
  // what is in the state has its secrets, encrypted
  const asPending = new Map(pending.map(({ resource }) => [resource.urn, resource]));
  const made = [...added.values()]
    .filter(({ urn }) => !known.has(urn))
    .map((create) => ({ ...(asPending.get(create.urn) ?? create), id: create.id }));
  const left = pending.filter(({ resource }) => !added.has(resource.urn));
  return { ...state, deployment: { ...state.deployment, resources: [...resources, ...made], pending_operations: left } };
}

/** Writes into the state that these creations were carried out. */
export async function takeForCreated({ name, stack, engine }: OpenStack, creates: readonly PendingCreate[]): Promise<void> {
  const run = (...args: readonly string[]) => engine.runIn(stack.workspace, ["stack", ...args, "--stack", name]);
  const file = path.join(stack.workspace.workDir, `state.${process.pid}.json`);
  const { stdout } = await run("export");
  fs.writeFileSync(file, JSON.stringify(withCreated(JSON.parse(stdout) as Exported, creates)), { mode: 0o600 });
  try {
    await run("import", "--file", file);
  } finally {
    fs.rmSync(file, { force: true });
  }
}
