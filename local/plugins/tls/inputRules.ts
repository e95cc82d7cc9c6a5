import type { Json } from "../server/provider";
import type { InputProblem } from "../server/stateOnlyResource";

/** The problem of a text that is not one of the allowed ones; no problem where it is missing. */
export function choiceProblem(path: string, attribute: string, value: Json | undefined, allowed: readonly string[]): InputProblem[] {
  if (typeof value !== "string" || allowed.includes(value)) return [];
  const choices = allowed.map((choice) => JSON.stringify(choice)).join(" ");
  const detail = `Attribute ${attribute} value must be one of: [${choices}], got: ${JSON.stringify(value)}`;
  return [{ path, summary: "Invalid Attribute Value Match", detail }];
}

/** The problem of a number below its least value; no problem where it is missing. */
export function leastProblem(path: string, attribute: string, value: Json | undefined, least: number): InputProblem[] {
  if (typeof value !== "number" || value >= least) return [];
  const detail = `Attribute ${attribute} value must be at least ${least.toString()}, got: ${value.toString()}`;
  return [{ path, summary: "Invalid Attribute Value", detail }];
}
