import { randomBytes } from "node:crypto";
import type { JsonObject } from "../server/provider";
import { objectsAt, textAt } from "./fields";
import { annotation, isPatch } from "./identity";
import type { ObjectApi } from "./objectApi";

/** The manager of an object's fields where it was created, not applied, as official providers from 4.26 on do it. */
const CREATOR = "pulumi-kubernetes";

/** The name under which an object's fields are applied: its annotation's, else the state's, else a new one. */
export function fieldManager(inputs: JsonObject, state: JsonObject = {}): string {
  const known = [annotation(inputs, "pulumi.com/patchFieldManager"), textAt(state, "__fieldManager")].find((name) => name !== "");
  return known ?? `${CREATOR}-${randomBytes(4).toString("hex")}`;
}

/** Where the creator's fields stand among the managed ones; undefined where there are none. */
function creatorAt(live: JsonObject): number | undefined {
  const at = objectsAt(live, "metadata", "managedFields").findIndex(
    ({ manager, operation, subresource }) => manager === CREATOR && operation === "Update" && !subresource,
  );
  return at < 0 ? undefined : at;
}

/** Whether an apply takes others' fields: where an annotation says so, and those of the creator, which is us by another name unless this is a patch. */
export function takesFields(type: string, inputs: JsonObject, live: JsonObject | undefined): boolean {
  if (annotation(inputs, "pulumi.com/patchForce") === "true") return true;
  return live !== undefined && !isPatch(type, inputs) && creatorAt(live) !== undefined;
}

/** Makes the creator's fields the manager's, so that the next apply can remove those which the program no longer has. */
export async function takeFromCreator(api: ObjectApi, live: JsonObject, manager: string): Promise<void> {
  const at = creatorAt(live);
  if (at === undefined) return;
  const path = `/metadata/managedFields/${at.toString()}`;
  await api.change(live, [
    { op: "test", path: "/metadata/resourceVersion", value: textAt(live, "metadata", "resourceVersion") },
    { op: "replace", path: `${path}/manager`, value: manager },
    { op: "replace", path: `${path}/operation`, value: "Apply" },
  ]);
}
