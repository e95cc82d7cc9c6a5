import * as fs from "node:fs";
import { parse } from "yaml";
import { exitCode, Failure } from "../exitCode";
import { stackFile } from "../stackFiles";

/** A stack, and those of the same run that must be done before it. */
export interface OrderedStack {
  readonly stack: string;
  readonly after: readonly string[];
}

/** The stack's own name, without organization and project. */
export function shortStackName(stack: string): string {
  return stack.split("/").at(-1) ?? stack;
}

/** The stack whose platform the one of this file stands on. @throws Failure where there is no such file */
export function platformOfFile(root: string, stack: string): string | undefined {
  const settings = parse(fs.readFileSync(stackFile(root, stack), "utf8")) as { readonly config?: Readonly<Record<string, unknown>> } | null;
  const platform = settings?.config?.["trustplane:platform"] as { readonly stack?: unknown } | undefined;
  return typeof platform?.stack === "string" ? shortStackName(platform.stack) : undefined;
}

/**
 * The stacks in an order in which each comes after the one on whose platform it stands, as their files say, else as they were given.
 * @throws Failure that names every unknown stack, every one that is given twice, and every circle
 */
export function stackOrder(root: string, names: readonly string[]): readonly OrderedStack[] {
  const distinct = [...new Set(names)];
  const twice = distinct.filter((name) => names.filter((each) => each === name).length > 1);
  const chains = new Map<string, readonly string[]>();
  const problems = [
    ...twice.map((name) => `--stack ${name}: given more than once. Name each stack once.`),
    ...distinct.flatMap((name) => chainProblem(root, name, chains) ?? []),
  ];
  if (problems.length > 0) throw new Failure(`${[...new Set(problems)].join("\n")}\nNothing was begun.`, exitCode.engine);
  return distinct
    .map((stack) => ({ stack, chain: chains.get(stack) ?? [] }))
    .sort((one, other) => one.chain.length - other.chain.length)
    .map(({ stack, chain }) => ({ stack, after: chain.filter((name) => distinct.includes(name)).slice(0, 1) }));
}

/** The same from behind: what stands on a platform goes before it. */
export function reversed(order: readonly OrderedStack[]): readonly OrderedStack[] {
  const dependants = (stack: string): string[] => order.filter(({ after }) => after.includes(stack)).map((each) => each.stack);
  return order.toReversed().map(({ stack }) => ({ stack, after: dependants(stack) }));
}

function chainProblem(root: string, name: string, chains: Map<string, readonly string[]>): string | undefined {
  try {
    chains.set(name, platformsBelow(root, name));
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

/** The platforms below a stack, the nearest first; one that has no file here is somebody else's, and the end. */
function platformsBelow(root: string, stack: string): readonly string[] {
  const chain: string[] = [];
  for (let next = platformOfFile(root, stack); next !== undefined; next = hasFile(root, next) ? platformOfFile(root, next) : undefined) {
    if (next === stack) throw new Failure(circle([stack, ...chain]));
    // a circle that does not come back to this stack is named by those that are in it
    if (chain.includes(next)) throw new Failure(circle(chain.slice(chain.indexOf(next))));
    chain.push(next);
  }
  return chain;
}

function hasFile(root: string, stack: string): boolean {
  try {
    stackFile(root, stack);
    return true;
  } catch {
    return false;
  }
}

/** Told the same from wherever in it. */
function circle(stacks: readonly string[]): string {
  const first = stacks.indexOf([...stacks].sort()[0] ?? "");
  const told = [...stacks.slice(first), ...stacks.slice(0, first)];
  const path = [...told, told[0] ?? ""].join(" -> ");
  return `trustplane:platform.stack: ${path} is a circle, in which no stack can be first. Take the section out of one of these stacks' files.`;
}
