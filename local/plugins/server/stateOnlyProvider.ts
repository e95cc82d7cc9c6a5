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
  Resource,
  UpdateRequest,
} from "./provider";
import type { InputProblem, StateOnlyResource } from "./stateOnlyResource";
import { UNKNOWN, containsUnknown, secret } from "./values";

/** How the official plugins remember what their own form of the state was; wrong after any other plugin's update. */
const rawState = "__pulumi_raw_state_delta";

/** State entries that are not attributes of the resource. */
const bookkeeping = ["id", "__meta", rawState];

/** A provider whose resources live in the state alone. */
export class StateOnlyProvider implements Provider {
  constructor(
    readonly name: string,
    readonly version: string,
    private readonly kinds: readonly StateOnlyResource[],
  ) {}

  configure(): void {
    // it has no inputs
  }

  resource(type: string): Resource {
    const kind = this.kinds.find((one) => one.type === type);
    if (kind !== undefined) return new StateOnlyKind(kind);
    const known = this.kinds.map((one) => one.type).join(", ");
    throw new Error(`the stand-in for the ${this.name} plugin has no ${type}, only ${known}; the official plugin has others`);
  }
}

/** What the Terraform bridge does with such a kind: defaults, replacements, no detailed diff. */
class StateOnlyKind implements Resource {
  constructor(private readonly kind: StateOnlyResource) {}

  check({ newInputs }: CheckRequest): Promise<CheckResult> {
    const known = Object.entries(newInputs).filter(([, value]) => value !== null && !containsUnknown(value));
    const failures = [...foreign(this.kind, newInputs), ...this.kind.check(Object.fromEntries(known))];
    return Promise.resolve({ inputs: newInputs, failures: failures.map(({ path, reason }) => ({ property: path, reason })) });
  }

  diff({ newInputs, oldState }: DiffRequest): Promise<DiffResult> {
    const { kind } = this;
    const planned = plan(kind, newInputs);
    const changed = changedProperties(kind, planned, oldState);
    const expired = kind.expired?.(planned, oldState) ?? [];
    const replaces = [...changed.filter((property) => !kind.updatable?.includes(property)), ...expired];
    const shown = replaces.length > 0 && kind.showsComputed === true ? ["id", ...kind.computed] : [];
    const diffs = [...new Set([...changed, ...expired, ...shown])];
    return Promise.resolve({ changes: diffs.length > 0, diffs, replaces: [...new Set(replaces)] });
  }

  async create({ inputs, preview }: CreateRequest): Promise<CreateResult> {
    const { kind } = this;
    const planned = plan(kind, inputs);
    if (preview) return { id: "", outputs: hide(kind, { ...unknowns(kind), ...planned, id: UNKNOWN }) };
    const { id, outputs } = await kind.create(planned);
    const meta: JsonObject = kind.schemaVersion === undefined ? {} : { __meta: JSON.stringify({ schema_version: kind.schemaVersion }) };
    return { id, outputs: hide(kind, { ...planned, ...outputs, ...meta, id }) };
  }

  update({ inputs, oldState }: UpdateRequest): Promise<{ readonly outputs: JsonObject }> {
    const kept = Object.entries(oldState).filter(([property]) => property !== rawState);
    return Promise.resolve({ outputs: hide(this.kind, { ...Object.fromEntries(kept), ...plan(this.kind, inputs) }) });
  }

  read({ id, name, oldInputs, oldState }: ReadRequest): Promise<ReadResult> {
    if (Object.keys(oldState).length === 0)
      throw new Error(`${name} (${this.kind.type}) cannot be imported or read by its id here; the official plugin can`);
    return Promise.resolve({ id, inputs: oldInputs, outputs: hide(this.kind, { ...oldState, ...this.kind.refresh?.(oldState) }) });
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }
}

function foreign(kind: StateOnlyResource, inputs: JsonObject): InputProblem[] {
  const names = Object.keys(inputs).filter((name) => inputs[name] !== null && !kind.inputs.includes(name));
  return names.map((path) => ({ path, reason: "the stand-in does not know this input; the official plugin does" }));
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
