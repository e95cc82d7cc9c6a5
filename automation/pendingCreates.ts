import * as fs from "node:fs";
import * as path from "node:path";
import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { parseDocument } from "yaml";
import { unknownValue } from "../config/unknownValue";
import { logicalName } from "../policies/urn";
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
  return failedCreates.filter(isLost).flatMap(ofEvent);
}

/** The creations that a preview told of. */
export function plannedCreates({ previewed }: Pick<OperationRecord, "previewed">): readonly PendingCreate[] {
  return previewed.filter(({ op }) => op === "create").flatMap(ofEvent);
}

function ofEvent({ urn, type, new: state }: StepEventMetadata): readonly PendingCreate[] {
  const { parent, provider, inputs = {} } = state ?? {};
  const creates = withId({ urn, type, custom: true, parent, provider, inputs });
  return creates.map((create) => ({ ...create, inputs: known(inputs) as Readonly<Record<string, unknown>> }));
}

function withId(resource: StateResource): readonly PendingCreate[] {
  if (!resource.type.startsWith("kubernetes:") || repeatable.test(resource.type)) return [];
  const { name, namespace } = (resource.inputs?.metadata ?? {}) as { readonly name?: unknown; readonly namespace?: unknown };
  if (typeof name !== "string") return [];
  return [{ ...resource, id: typeof namespace === "string" ? `${namespace}/${name}` : name }];
}

/** Of secrets events have the mark alone, and of what only an update will know another; the next update says them again. */
function known(value: unknown): unknown {
  const isKnown = (item: unknown): boolean => !isMarkedSecret(item) && item !== unknownValue;
  if (Array.isArray(value)) return value.filter(isKnown).map(known);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => isKnown(item));
  return Object.fromEntries(entries.map(([key, item]) => [key, known(item)]));
}

/** What `pulumi import --file` reads, as far as it is needed here. Parents and providers are called by their URNs. */
interface ImportFile {
  readonly nameTable: Readonly<Record<string, string>>;
  readonly resources: readonly object[];
}

/** These creations as an import; of what has outputs the engine believes that it is there, and a refresh then finds out. */
function importOf(creates: readonly PendingCreate[]): ImportFile {
  const urns = creates.flatMap(surroundings);
  const resources = creates.map(({ urn, type, id, parent, provider, inputs }) => ({
    ...{ type, name: logicalName(urn), id, parent, provider: providerUrn(provider) },
    ...{ inputs, outputs: inputs },
  }));
  return { nameTable: Object.fromEntries(urns.map((urn) => [urn, urn])), resources };
}

/** The URNs of what a state must have before it can have a resource: its parent and its provider. */
export function surroundings({ parent, provider }: StateResource): readonly string[] {
  return [parent, providerUrn(provider)].filter((urn) => urn !== undefined);
}

/** @param reference as a state has it: `URN::ID` */
function providerUrn(reference: string | undefined): string | undefined {
  return reference?.slice(0, reference.lastIndexOf("::"));
}

/** Writes into the state that these creations were carried out, in one operation that holds the backend's lock. */
export async function takeForCreated({ name, stack, engine }: OpenStack, creates: readonly PendingCreate[]): Promise<void> {
  const { workDir, pulumiHome, envVars } = stack.workspace;
  const folder = fs.mkdtempSync(path.join(workDir, "import-"));
  const options = ["--protect=false", "--generate-code=false", "--skip-preview", "--yes"];
  try {
    copyWithoutProgram(workDir, folder, `Pulumi.${name}.yaml`);
    const file = path.join(folder, "import.json");
    fs.writeFileSync(file, JSON.stringify(importOf(creates)));
    await engine.runIn({ workDir: folder, pulumiHome, envVars }, ["import", "--file", file, "--stack", name, ...options]);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The project without a runtime: an import would load its language host, which the CLI alone may not have. */
function copyWithoutProgram(from: string, to: string, stackFile: string): void {
  const project = parseDocument(fs.readFileSync(path.join(from, "Pulumi.yaml"), "utf8"));
  for (const key of ["runtime", "main"]) project.delete(key);
  fs.writeFileSync(path.join(to, "Pulumi.yaml"), project.toString());
  fs.copyFileSync(path.join(from, stackFile), path.join(to, stackFile));
}
