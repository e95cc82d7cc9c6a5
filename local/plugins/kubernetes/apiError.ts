import type { JsonObject } from "../server/provider";
import { isObject } from "./kubernetesObject";

/** The API server refused a request. */
export class ApiError extends Error {
  constructor(
    /** HTTP status code. */
    readonly status: number,
    /** The server's machine-readable word, e.g. `NotFound`, `Conflict`, `Invalid`; empty when it sent none. */
    readonly reason: string,
    message: string,
    /** The server's `Status.details`. */
    readonly details: JsonObject = {},
  ) {
    super(message);
  }

  /** Reads the server's `Status` object, or whatever else it sent. */
  static fromResponse(status: number, body: string): ApiError {
    const parsed = parseStatus(body);
    const message = typeof parsed.message === "string" ? parsed.message : body.trim() || `the server answered with status ${status}`;
    const reason = typeof parsed.reason === "string" ? parsed.reason : "";
    return new ApiError(status, reason, message, isObject(parsed.details) ? parsed.details : {});
  }
}

/** The API server could not be asked at all. The message is in the words of the Go client, as the official provider prints them. */
export class UnreachableError extends Error {
  constructor(
    request: string,
    /** What the connection failed with, e.g. `dial tcp 127.0.0.1:6443: connect: connection refused`. */
    readonly reason: string,
  ) {
    super(`${request}: ${reason}`);
  }
}

/** The API server knows no such kind. */
export class NoMatch extends Error {
  constructor(
    readonly apiVersion: string,
    readonly kind: string,
  ) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
  }
}

function parseStatus(body: string): JsonObject {
  try {
    const value = JSON.parse(body) as JsonObject;
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
