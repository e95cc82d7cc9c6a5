import type { JsonObject } from "../server/provider";
import { textAt } from "./fields";

/** The API server refused a request. */
export class ApiError extends Error {
  constructor(
    /** HTTP status code. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  /** Reads the object in which the server says what is wrong; a proxy may say anything. */
  static of(status: number, text: string): ApiError {
    try {
      return new ApiError(status, textAt(JSON.parse(text) as JsonObject, "message"));
    } catch {
      return new ApiError(status, text.trim());
    }
  }
}

/** What `ask` gives; undefined where there is no such thing. */
export async function orUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
