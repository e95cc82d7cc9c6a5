"use strict";

require("ts-node/register");

/**
 * The SDK takes a stack trace for each of its promises, thousands in a run, and reads it only where it looks for leaks. ts-node maps every
 * trace to the TypeScript sources, which costs a third of a run's processor time. The SDK's errors have no message, by which they
 * are told from those that somebody reads; only the latter are mapped.
 */
const mapped = Error.prepareStackTrace;

Error.prepareStackTrace = (error, frames) =>
  error.message === "" ? `${error.name}\n    at ${frames.join("\n    at ")}` : mapped(error, frames);
