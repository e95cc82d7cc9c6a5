/**
 * What happened to a request that was not answered. `fetch` hides it behind "fetch failed", and Node reports a name with several addresses as one
 * error of many without a message of its own.
 */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError) return error.errors.map(causeOf).join("; ");
  return error.message === "fetch failed" ? causeOf(error.cause) : error.message;
}
