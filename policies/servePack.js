"use strict";
// Serves the compiled policy pack in the folder that it is given first; the engine reads the port that the SDK prints.
// Pulumi's own runner loads the TypeScript compiler first, which takes as long as the rest.

const [, , folder] = process.argv;
process.chdir(folder);
require(process.cwd());
