"use strict";
// Serves the compiled policy pack in whose folder it is started; the engine reads the port that the SDK prints.
// Pulumi's own runner loads the TypeScript compiler first, which takes as long as the rest.

require(process.cwd());
