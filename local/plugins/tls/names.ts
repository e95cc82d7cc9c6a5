import "reflect-metadata";
import { isIP } from "node:net";
import { Name, SubjectAlternativeNameExtension, type Extension } from "@peculiar/x509";
import type { Json, JsonObject } from "../server/provider";
import { text, texts } from "../server/stateOnlyResource";
import { isObject } from "../server/values";

/** Attributes of a subject in the order in which Go writes them. */
const order: readonly (readonly [property: string, type: string])[] = [
  ["country", "2.5.4.6"],
  ["organization", "2.5.4.10"],
  ["organizationalUnit", "2.5.4.11"],
  ["locality", "2.5.4.7"],
  ["province", "2.5.4.8"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "2.5.4.3"],
  ["serialNumber", "2.5.4.5"],
  ["emailAddress", "1.2.840.113549.1.9.1"],
];

/** The distinguished name of a resource's `subject`; empty where there is none. */
export function distinguishedName(subject: Json | undefined): Name {
  const given = isObject(subject) ? subject : {};
  const attributes = order.flatMap(([property, type]) => {
    const value = given[property];
    const values = Array.isArray(value) ? texts(value) : [text(value)];
    return values.filter((one) => one !== "").map((one) => ({ [type]: [encoded(property, one)] }));
  });
  return new Name(attributes);
}

function encoded(property: string, value: string): { ia5String: string } | { printableString: string } | { utf8String: string } {
  if (property === "emailAddress") return { ia5String: value };
  return Name.isPrintableString(value) ? { printableString: value } : { utf8String: value };
}

/** The alternative names of `dnsNames`, `ipAddresses` and `uris`; undefined if there is none. */
export function alternativeNames(planned: JsonObject, critical: boolean): Extension | undefined {
  const ipAddresses = texts(planned.ipAddresses);
  const bad = ipAddresses.find((address) => isIP(address) === 0);
  if (bad !== undefined) throw new Error(`Invalid IP address: Failed to parse ${JSON.stringify(bad)}`);
  const names = [
    ...texts(planned.dnsNames).map((value) => ({ type: "dns" as const, value })),
    ...ipAddresses.map((value) => ({ type: "ip" as const, value })),
    ...texts(planned.uris).map((value) => ({ type: "url" as const, value })),
  ];
  return names.length === 0 ? undefined : new SubjectAlternativeNameExtension(names, critical);
}
