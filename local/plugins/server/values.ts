import type { Json, JsonObject } from "./provider";

/**
 * How the engine writes what JSON cannot say: unknown values are fixed strings, secrets are objects with a signature.
 *
 * @see https://pulumi-developer-docs.readthedocs.io/latest/docs/architecture/types.html
 */

/** A value that is not known in a preview, of any type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const UNKNOWN_OF_OTHER_TYPES = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
const unknowns = new Set([UNKNOWN, ...UNKNOWN_OF_OTHER_TYPES]);

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** True for an object: neither null nor a list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for the engine's stand-in of an unknown string, number, list, object, asset or archive. */
export function isUnknown(value: Json | undefined): boolean {
  return typeof value === "string" && unknowns.has(value);
}

/** True if the value, or anything inside it, is unknown. */
export function containsUnknown(value: Json | undefined): boolean {
  if (typeof value !== "object" || value === null) return isUnknown(value);
  return Object.values<Json>(value).some(containsUnknown);
}

/** Marks a value as secret. */
export function secret(value: Json): Json {
  return { [SIGNATURE]: SECRET, value };
}
