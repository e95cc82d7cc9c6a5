"use strict";
// Lets Node run TypeScript: node --require ./local/typescript.js FILE.ts
// Plain JavaScript, because it runs before there is any TypeScript.

const { addHook } = require("pirates");
const sourceMaps = require("source-map-support");
const { compiled } = require("./compiled");
require("./compileCache");

sourceMaps.install({ environment: "node", hookRequire: true, handleUncaughtExceptions: false });
addHook((source, file) => compiled(file, source), { exts: [".ts"] });

/**
 * The SDK takes a stack trace for each of its promises, thousands in a run, and reads it only where it looks for leaks. Mapping every
 * trace to the TypeScript sources costs a third of a run's processor time. The SDK's errors have no message, by which they
 * are told from those that somebody reads; only the latter are mapped.
 */
const mapped = Error.prepareStackTrace;

Error.prepareStackTrace = (error, frames) =>
  error.message === "" ? `${error.name}\n    at ${frames.join("\n    at ")}` : mapped(error, frames);
