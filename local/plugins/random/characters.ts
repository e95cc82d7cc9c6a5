import { randomInt } from "node:crypto";
import type { JsonObject } from "../server/provider";
import { count, text, type InputProblem } from "../server/stateOnlyResource";

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const lower = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const special = "!@#$%&*()-_=+[]{}<>:?";
const minimums = ["minUpper", "minLower", "minNumeric", "minSpecial"] as const;

/** What RandomString and RandomPassword take when the program says nothing. */
export const characterDefaults: JsonObject = {
  lower: true,
  minLower: 0,
  minNumeric: 0,
  minSpecial: 0,
  minUpper: 0,
  special: true,
  upper: true,
};

/** `numeric` and its older name `number` always say the same. */
export function numericAliases(planned: JsonObject): JsonObject {
  const numeric = planned.numeric ?? planned.number ?? true;
  return { number: numeric, numeric };
}

/** Lengths and classes of characters that cannot be met. */
export function characterProblems(inputs: JsonObject): InputProblem[] {
  return [...lengthProblems(inputs), ...classProblems(inputs)];
}

function lengthProblems(inputs: JsonObject): InputProblem[] {
  if (typeof inputs.length !== "number") return [];
  const needed = minimums.reduce((sum, minimum) => sum + count(inputs[minimum]), 0);
  const summary = "Invalid Attribute Value";
  const got = inputs.length.toString();
  if (inputs.length < 1) return [{ path: "length", summary, detail: `Attribute length value must be at least 1, got: ${got}` }];
  const sum = "min_upper + min_lower + min_numeric + min_special";
  if (inputs.length >= needed) return [];
  return [{ path: "length", summary, detail: `Attribute length value must be at least sum of ${sum}, got: ${got}` }];
}

function classProblems(inputs: JsonObject): InputProblem[] {
  if (inputs.numeric !== undefined && inputs.number !== undefined && inputs.numeric !== inputs.number) {
    return [{ path: "number", summary: "Invalid Attribute Combination", detail: "Attributes number and numeric must be equal" }];
  }
  const numeric = inputs.numeric ?? inputs.number;
  if (![inputs.special, inputs.upper, inputs.lower, numeric].every((allowed) => allowed === false)) return [];
  const detail = "At least one attribute out of [special,upper,lower,numeric] must be specified as true";
  return [{ path: "numeric", summary: "Invalid Attribute Combination", detail }];
}

/** Random text with the asked minimum of each class, the rest from all allowed classes, in random order. */
export function randomText(planned: JsonObject): string {
  const own = text(planned.overrideSpecial);
  const specials = own === "" ? special : own;
  const classes = [
    { allowed: planned.upper, minimum: count(planned.minUpper), characters: upper },
    { allowed: planned.lower, minimum: count(planned.minLower), characters: lower },
    { allowed: planned.numeric, minimum: count(planned.minNumeric), characters: digits },
    { allowed: planned.special, minimum: count(planned.minSpecial), characters: specials },
  ];
  const required = classes.flatMap(({ minimum, characters }) => pick(minimum, characters));
  const allowed = classes.filter((one) => one.allowed === true).map((one) => one.characters);
  return shuffle([...required, ...pick(count(planned.length) - required.length, allowed.join(""))]).join("");
}

function pick(length: number, characters: string): string[] {
  const choices = Array.from(characters);
  return Array.from({ length }, () => choices[randomInt(choices.length)] ?? "");
}

/** Fisher and Yates. */
function shuffle(characters: string[]): string[] {
  for (let last = characters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? "", characters[last] ?? ""];
  }
  return characters;
}
