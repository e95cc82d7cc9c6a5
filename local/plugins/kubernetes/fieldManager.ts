import { randomBytes } from "node:crypto";
import type { JsonObject } from "../server/provider";
import { CREATOR, isOwnedByCreator, managedFields } from "./managedFields";
import { annotation } from "./objectNames";
import type { Settings } from "./settings";

/** The name under which an object's fields are applied: its annotation, else the state's, else a new one. */
export function fieldManagerOf(settings: Settings, inputs: JsonObject, fromState: string): string {
  if (!settings.serverSideApply) return CREATOR;
  const annotated = annotation(inputs, "pulumi.com/patchFieldManager");
  if (annotated !== "") return annotated;
  return fromState === "" ? `${CREATOR}-${randomBytes(4).toString("hex")}` : fromState;
}

/**
 * Whether fields are taken from other managers: by the provider's setting, or the annotation where it is "true" (no other value overrules the
 * setting), from an object that records no managers, and in a preview of the first apply, which the update would make after taking over the
 * creator's fields.
 */
export function forcesConflicts(settings: Settings, inputs: JsonObject, live: JsonObject | undefined, preview: boolean): boolean {
  if (settings.patchForce || annotation(inputs, "pulumi.com/patchForce") === "true") return true;
  return live !== undefined && (managedFields(live).length === 0 || (preview && isOwnedByCreator(live)));
}
