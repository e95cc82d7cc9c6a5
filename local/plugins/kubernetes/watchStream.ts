import type * as http from "node:http";
import type { JsonObject } from "../server/provider";
import { ApiError } from "./apiError";
import { textAt } from "./fields";
import { asKubernetesObject, isObject, type KubernetesObject } from "./kubernetesObject";

/** One change that a watch reports. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: KubernetesObject;
}

/** Reads the lines of a watch response. @throws ApiError when the server ends the watch with an error (e.g. 410 Gone) */
export async function* readWatch(response: http.IncomingMessage): AsyncGenerator<WatchEvent> {
  let rest = "";
  response.setEncoding("utf8");
  for await (const chunk of response) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield readEvent(JSON.parse(line) as JsonObject);
  }
}

function readEvent(event: JsonObject): WatchEvent {
  const object = isObject(event.object) ? event.object : {};
  if (event.type === "ERROR") {
    throw new ApiError(Number(object.code ?? 500), textAt(object, ["reason"]), textAt(object, ["message"]));
  }
  return { type: event.type as WatchEvent["type"], object: asKubernetesObject(object) };
}
