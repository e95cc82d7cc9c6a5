import equal from "fast-deep-equal";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DiffRequest,
  DiffResult,
  Json,
  JsonObject,
  Provider,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "./provider";
import type { InputProblem, StateOnlyResource } from "./stateOnlyResource";
import { UNKNOWN, containsUnknown, secret } from "./values";

/** How the official plugins remember what their own form of the state was; wrong after any other plugin's update. */
const rawState = "__pulumi_raw_state_delta";

/** State entries that are not attributes of the resource. */
const bookkeeping = ["id", "__meta", rawState];

/** A provider whose resources live in the state alone. It plays what the Terraform bridge does: defaults, replacements, no detailed diff. */
export class StateOnlyProvider implements Provider {
  readonly acceptsSecrets = false;

  constructor(
    readonly name: string,
    readonly version: string,
    private readonly kinds: readonly StateOnlyResource[],
  ) {}

  configure(): Promise<void> {
    return Promise.resolve();
  }

  check(request: CheckRequest): Promise<CheckResult> {
    const known = Object.entries(request.newInputs).filter(([, value]) => !containsUnknown(value));
    const problems = this.kind(request.type).check(Object.fromEntries(known));
    const failures = problems.map((problem) => ({ property: "", reason: sentence(request.name, problem) }));
    return Promise.resolve({ inputs: request.newInputs, failures });
  }

  diff(request: DiffRequest): Promise<DiffResult> {
    const kind = this.kind(request.type);
    const planned = plan(kind, request.newInputs);
    const changed = changedProperties(kind, planned, request.oldState);
    const expired = kind.expired?.(planned, request.oldState) ?? [];
    const replaces = [...changed.filter((property) => !kind.updatable?.includes(property)), ...expired];
    const shown = replaces.length > 0 && kind.showsComputed === true ? ["id", ...kind.computed] : [];
    const diffs = [...new Set([...changed, ...expired, ...shown])];
    return Promise.resolve({ changes: diffs.length > 0, diffs, replaces: [...new Set(replaces)] });
  }

  async create(request: CreateRequest): Promise<CreateResult> {
    const kind = this.kind(request.type);
    const planned = plan(kind, request.inputs);
    if (request.preview) return { id: "", outputs: hide(kind, { ...unknowns(kind), ...planned, id: UNKNOWN }) };
    const { id, outputs } = await kind.create(planned);
    const meta: JsonObject = kind.schemaVersion === undefined ? {} : { __meta: JSON.stringify({ schema_version: kind.schemaVersion }) };
    return { id, outputs: hide(kind, { ...planned, ...outputs, ...meta, id }) };
  }

  update(request: UpdateRequest): Promise<{ readonly outputs: JsonObject }> {
    const kind = this.kind(request.type);
    const kept = Object.entries(request.oldState).filter(([property]) => property !== rawState);
    return Promise.resolve({ outputs: hide(kind, { ...Object.fromEntries(kept), ...plan(kind, request.inputs) }) });
  }

  read(request: ReadRequest): Promise<ReadResult> {
    const kind = this.kind(request.type);
    if (Object.keys(request.oldState).length === 0) {
      throw new Error(
        `${request.name} (${kind.type}) cannot be imported or read by its id here: install the official ${this.name} plugin to do that`,
      );
    }
    const outputs = hide(kind, { ...request.oldState, ...kind.refresh?.(request.oldState) });
    return Promise.resolve({ id: request.id, inputs: request.oldInputs, outputs });
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  private kind(type: string): StateOnlyResource {
    const found = this.kinds.find((kind) => kind.type === type);
    if (found !== undefined) return found;
    const known = this.kinds.map((kind) => kind.type).join(", ");
    throw new Error(
      `the built-in ${this.name} plugin has no ${type}, only ${known}: install the official ${this.name} plugin to use others`,
    );
  }
}

function sentence(name: string, { path, summary, detail }: InputProblem): string {
  return `${summary}. ${detail}. Examine values at '${name}.${path}'.`;
}

function plan(kind: StateOnlyResource, inputs: JsonObject): JsonObject {
  const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null));
  const planned = { ...kind.defaults, ...given };
  return { ...planned, ...kind.derive?.(planned) };
}

function changedProperties(kind: StateOnlyResource, planned: JsonObject, state: JsonObject): string[] {
  const own = Object.keys(state).filter((property) => !bookkeeping.includes(property) && !kind.computed.includes(property));
  const properties = new Set([...Object.keys(planned), ...own]);
  return [...properties].filter((property) => !equal(planned[property] ?? null, state[property] ?? null));
}

function unknowns(kind: StateOnlyResource): JsonObject {
  return Object.fromEntries(kind.computed.map((property) => [property, UNKNOWN]));
}

function hide(kind: StateOnlyResource, outputs: JsonObject): JsonObject {
  const shown = ([property, value]: [string, Json]): [string, Json] => [property, kind.secrets.includes(property) ? secret(value) : value];
  return Object.fromEntries(Object.entries(outputs).map(shown));
}
