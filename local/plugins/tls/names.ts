import "reflect-metadata";
import { Name } from "@peculiar/x509";
import type { Json } from "../server/provider";
import { text, type InputProblem } from "../server/stateOnlyResource";
import { isObject } from "../server/values";

/** Attributes of a subject that are known here, in the order in which Go writes them. */
const attributes = [
  ["organization", "2.5.4.10"],
  ["commonName", "2.5.4.3"],
] as const;

/** Attributes that are not known here. */
export function subjectProblems(subject: Json | undefined): InputProblem[] {
  const known: readonly string[] = attributes.map(([name]) => name);
  const foreign = isObject(subject) ? Object.keys(subject).filter((name) => !known.includes(name)) : [];
  return foreign.map((name) => ({ path: "subject", reason: `${name} is none of ${known.join(", ")}` }));
}

/** The distinguished name of a resource's `subject`; empty where there is none. */
export function distinguishedName(subject: Json | undefined): Name {
  const given = attributes.map(([name, type]) => [type, text(isObject(subject) ? subject[name] : undefined)] as const);
  return new Name(given.filter(([, value]) => value !== "").map(([type, value]) => ({ [type]: [encoded(value)] })));
}

function encoded(value: string): { printableString: string } | { utf8String: string } {
  return Name.isPrintableString(value) ? { printableString: value } : { utf8String: value };
}
