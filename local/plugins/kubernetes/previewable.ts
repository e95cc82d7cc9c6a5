import type { JsonObject } from "../server/provider";
import { containsUnknown } from "../server/values";
import { NoMatch } from "./apiError";
import { isReachable } from "./cluster";
import { textAt } from "./fields";
import type { Session } from "./session";

/** Whether the server can be asked what it would make of the inputs: all of them are known, and it has their kind. */
export async function isPreviewable({ cluster }: Session, inputs: JsonObject): Promise<boolean> {
  if (!isReachable(cluster) || containsUnknown(inputs)) return false;
  try {
    await cluster.client.resourceKind(textAt(inputs, ["apiVersion"]), textAt(inputs, ["kind"]));
    return true;
  } catch (error) {
    if (error instanceof NoMatch) return false;
    throw error;
  }
}
