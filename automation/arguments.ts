import { parseArgs } from "node:util";
import { Failure } from "./exitCode";
import { nearestName } from "../config/nearestName";

/** One option of a script. `value` names what follows it; a flag has none. */
export interface Option {
  readonly name: string;
  readonly value?: string;
  /** Whether it may be given more than once; its values are then one text, a line each. */
  readonly many?: boolean;
  readonly about: string;
}

export interface Usage {
  /** The npm script's name. */
  readonly command: string;
  readonly about: string;
  /** What stands without dashes, in its order, by the words of the help text. @default none */
  readonly operands?: readonly string[];
  readonly options: readonly Option[];
}

/** What was given, by the option's name or the operand's words: `true` for a flag, else the text. */
export type Arguments = ReadonlyMap<string, string | true>;

const stackOption: Option = { name: "stack", value: "NAME", about: "the stack of Pulumi.NAME.yaml (default: dev)" };
const helpOption: Option = { name: "help", about: "print this and end" };

function optionsOf(usage: Usage): readonly Option[] {
  return [stackOption, ...usage.options, helpOption];
}

/** The text of `--help`. */
export function helpText(usage: Usage): string {
  const rows = optionsOf(usage).map(({ name, value, about }) => [`--${name}${value === undefined ? "" : ` ${value}`}`, about] as const);
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    usage.about,
    "",
    ["npm run", usage.command, "--", ...(usage.operands ?? []), "[OPTION...]"].join(" "),
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ].join("\n");
}

function unknown(argument: string, usage: Usage): Failure {
  const allowed = optionsOf(usage).map(({ name }) => `--${name}`);
  const near = nearestName(argument, allowed);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  return new Failure(`npm run ${usage.command}: unknown argument ${argument}.${hint} Allowed: ${allowed.join(", ")}.`);
}

function checked(option: Option, value: string | undefined): string | true {
  if (option.value === undefined) {
    if (value === undefined) return true;
    throw new Failure(`--${option.name}: takes no value, but was given "${value}".`);
  }
  // a lone "-" is no option but the name that many tools give to stdout
  if (value === "-" || (value !== undefined && value !== "" && !value.startsWith("-"))) return value;
  throw new Failure(`--${option.name}: a value is missing. Give it as --${option.name} ${option.value}.`);
}

/** Reads a script's arguments; anything that `usage` does not name is a {@link Failure} that says what is allowed. */
export function readArguments(argv: readonly string[], usage: Usage): Arguments {
  const known = optionsOf(usage);
  const options = Object.fromEntries(
    known.map((o) => [o.name, { type: o.value === undefined ? ("boolean" as const) : ("string" as const) }]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const given = new Map<string, string | true>();
  const operands = [...(usage.operands ?? [])];
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      const operand = operands.shift();
      if (operand === undefined) throw unknown(token.value, usage);
      given.set(operand, token.value);
      continue;
    }
    const option = known.find(({ name }) => name === token.name);
    if (option === undefined) throw unknown(token.rawName, usage);
    const value = checked(option, token.value);
    const before = option.many === true ? given.get(option.name) : undefined;
    given.set(option.name, typeof before === "string" ? `${before}\n${String(value)}` : value);
  }
  return given;
}

/** Every value of an option that may be given more than once. */
export function valuesOf(given: Arguments, option: string): readonly string[] {
  const value = given.get(option);
  return typeof value === "string" ? value.split("\n") : [];
}

/** The stack that the arguments name. */
export function stackName(given: Arguments): string {
  const name = given.get("stack");
  return typeof name === "string" ? name : "dev";
}

/** What selects a stack in a script's command line; nothing for the default. */
export function stackArgument(stack: string): string {
  return stack === "dev" ? "" : ` -- --stack ${stack}`;
}
