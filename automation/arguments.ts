import { parseArgs } from "node:util";
import { Failure } from "./exitCode";
import { nearestName } from "../config/nearestName";

/** One option of a script. `value` names what follows it; a flag has none. */
export interface Option {
  readonly name: string;
  readonly value?: string;
  /** Whether it may be given more than once; its values are then one text, a line each. */
  readonly many?: boolean;
  /** What its value has to look like, and the same in words. @default anything */
  readonly allowed?: { readonly pattern: RegExp; readonly text: string };
  readonly about: string;
}

export interface Usage {
  /** The npm script's name. */
  readonly command: string;
  readonly about: string;
  /** What stands without dashes, in its order, by the words of the help text. @default none */
  readonly operands?: readonly string[];
  /** Whether it can work on several stacks: `--stack` more than once. */
  readonly severalStacks?: boolean;
  readonly options: readonly Option[];
}

/** What was given, by the option's name or the operand's words: `true` for a flag, else the text. */
export type Arguments = ReadonlyMap<string, string | true>;

const stackOption: Option = { name: "stack", value: "NAME", many: true, about: "the stack of Pulumi.NAME.yaml (default: dev)" };
const severalStacks = "; once for each of several, which run side by side, those on another's platform after it";
const helpOption: Option = { name: "help", about: "print this and end" };

function optionsOf(usage: Usage): readonly Option[] {
  const stack = usage.severalStacks === true ? { ...stackOption, about: stackOption.about + severalStacks } : stackOption;
  return [stack, ...usage.options, helpOption];
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
  if (value === "-" || (value !== undefined && value !== "" && !value.startsWith("-"))) return allowedValue(option, value);
  throw new Failure(`--${option.name}: a value is missing. Give it as --${option.name} ${option.value}.`);
}

function allowedValue({ name, allowed }: Option, value: string): string {
  if (allowed?.pattern.test(value) ?? true) return value;
  throw new Failure(`--${name} ${value}: allowed is ${allowed?.text ?? "anything"}.`);
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
  if (usage.severalStacks !== true && stacksOf(given).length > 1)
    throw new Failure(
      `--stack: given ${stacksOf(given).length} times, and npm run ${usage.command} works on one stack. Run it once for each.`,
    );
  return given;
}

/** Every value of an option that may be given more than once. */
export function valuesOf(given: Arguments, option: string): readonly string[] {
  const value = given.get(option);
  return typeof value === "string" ? value.split("\n") : [];
}

/** The given ones of some options, as they are written in a command line. */
export function argumentList(given: Arguments, options: readonly Option[]): string[] {
  return options.flatMap(({ name, value, many }) => {
    if (!given.has(name)) return [];
    const values = many === true ? valuesOf(given, name) : [String(given.get(name))];
    return value === undefined ? [`--${name}`] : values.flatMap((each) => [`--${name}`, each]);
  });
}

/** A number that an option gives. @throws Failure where it is none from 1 to 99999 */
export function wholeNumber(given: Arguments, option: string, fallback: number): number {
  const text = String(given.get(option) ?? fallback);
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new Failure(`--${option} ${text}: allowed is a whole number from 1 to 99999.`);
}

/** Every stack that the arguments name. */
export function stacksOf(given: Arguments): readonly string[] {
  const named = valuesOf(given, "stack");
  return named.length === 0 ? ["dev"] : named;
}

/** The stack that the arguments name, the first where there are several. */
export function stackName(given: Arguments): string {
  return stacksOf(given)[0] ?? "dev";
}

/** What selects a stack in a script's command line; nothing for the default. */
export function stackArgument(stack: string): string {
  return stack === "dev" ? "" : ` -- --stack ${stack}`;
}
