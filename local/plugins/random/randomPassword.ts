import { randomInt } from "node:crypto";
import { hash } from "bcryptjs";
import { count, text, type InputProblem, type StateOnlyResource } from "../server/stateOnlyResource";
import type { JsonObject } from "../server/provider";

const classes = { upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", lower: "abcdefghijklmnopqrstuvwxyz", numeric: "0123456789" };
const bcryptCost = 10;
const special = "!@#$%&*()-_=+[]{}<>:?";

/** Secret random text with its bcrypt hash; the id says nothing, because ids are not secret. */
export const randomPassword: StateOnlyResource = {
  type: "random:index/randomPassword:RandomPassword",
  inputs: ["keepers", "length", "lower", "numeric", "overrideSpecial", "special", "upper"],
  // without minimums, which the official plugin keeps in the state all the same, and with the older name of numeric
  defaults: { lower: true, minLower: 0, minNumeric: 0, minSpecial: 0, minUpper: 0, numeric: true, special: true, upper: true },
  computed: ["bcryptHash", "result"],
  secrets: ["bcryptHash", "result"],
  schemaVersion: "3",
  check: problems,
  derive: ({ numeric = true }) => ({ number: numeric }),
  async create(planned) {
    const result = randomText(count(planned.length), allowed(planned));
    return { id: "none", outputs: { result, bcryptHash: await hash(result, bcryptCost) } };
  },
};

function problems(inputs: JsonObject): InputProblem[] {
  if (typeof inputs.length === "number" && inputs.length < 1) return [{ path: "length", reason: "must be at least 1" }];
  const isEmpty = allowed({ ...randomPassword.defaults, ...inputs }) === "";
  return isEmpty ? [{ path: "numeric", reason: "at least one of special, upper, lower and numeric must be true" }] : [];
}

function allowed(planned: JsonObject): string {
  const own = text(planned.overrideSpecial);
  const all = { ...classes, special: own === "" ? special : own };
  return Object.entries(all).reduce((characters, [name, more]) => (planned[name] === true ? characters + more : characters), "");
}

function randomText(length: number, characters: string): string {
  return Array.from({ length }, () => characters.charAt(randomInt(characters.length))).join("");
}
