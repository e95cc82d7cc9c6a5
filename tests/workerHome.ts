import * as path from "node:path";

/**
 * Gives each of mocha's processes a folder of its own for what a run makes. Test files that run side by side have stacks of one name,
 * and would change each other's work folder. Read by `local/paths.ts` when the test files load it.
 */
const { MOCHA_WORKER_ID: worker } = process.env;
if (worker !== undefined) process.env.TRUSTPLANE_HOME = path.resolve(__dirname, "..", ".trustplane", "tests", worker);
