"use strict";
// Node keeps compiled code when it ends by itself, which the engine's plugins never do: here, at the first pause, when all is loaded.
// Node before 22.10 cannot.

const { flushCompileCache } = require("node:module");

if (process.env.NODE_COMPILE_CACHE && flushCompileCache) setTimeout(flushCompileCache, 0).unref();
