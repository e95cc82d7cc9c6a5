import { logicalName } from "../policies/urn";

/** A stack's state as the engine exports it: only what the scripts read. */
export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly PendingOperation[];
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  /** Whether a provider makes it; a component is made by none. */
  readonly custom?: boolean;
  readonly parent?: string;
  readonly provider?: string;
  readonly protect?: boolean;
  /** Whether a deletion leaves the object where it is. */
  readonly retainOnDelete?: boolean;
  readonly delete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** URNs of what it was made after. */
  readonly dependencies?: readonly string[];
  /** The same by the property that needs it. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface PendingOperation {
  readonly type: string;
  readonly resource: StateResource;
}

const stackType = "pulumi:pulumi:Stack";
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** What stands for a secret wherever it is not asked for. */
export const masked = "[secret]";

/** The part of a URN that people know a resource by: `kubernetes:core/v1:Namespace cert-manager`. */
export function shortName(urn: string): string {
  const [, , types = ""] = urn.split("::");
  return `${types.split("$").at(-1) ?? types} ${logicalName(urn)}`;
}

/** The resources of a state without the stack itself and the providers. */
export function ownResources(deployment: Deployment): readonly StateResource[] {
  return (deployment.resources ?? []).filter(({ type }) => type !== stackType && !type.startsWith("pulumi:providers:"));
}

function reveal(value: unknown, showSecrets: boolean): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => reveal(item, showSecrets));
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields[signatureKey] === secretSignature)
    return showSecrets && typeof fields.plaintext === "string" ? (JSON.parse(fields.plaintext) as unknown) : masked;
  return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, reveal(item, showSecrets)]));
}

/** The stack's outputs; secrets read `[secret]` unless they are asked for. Undefined for a stack that was never updated. */
export function stackOutputs(deployment: Deployment, showSecrets: boolean): Readonly<Record<string, unknown>> | undefined {
  const stack = deployment.resources?.find(({ type }) => type === stackType);
  return stack === undefined ? undefined : (reveal(stack.outputs ?? {}, showSecrets) as Readonly<Record<string, unknown>>);
}
