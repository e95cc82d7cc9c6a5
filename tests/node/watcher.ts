import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { exitStatus } from "../checks";
import { removeBottle, watcherFile } from "./bottleRemains";
import { bottleArguments } from "./namespaces";

// Runs beside the bottle: `watcher.ts FOLDER COMMAND...`. Whoever started it holds its stdin.

const [folder = "", ...command] = process.argv.slice(2);
fs.writeFileSync(watcherFile(folder), String(process.pid));
// without the watcher the bottle ends too
const bottle = [...bottleArguments, "sh", path.join(__dirname, "bottle.sh"), ...command];
const child = spawn("setpriv", bottle, { stdio: ["ignore", "inherit", "inherit"] });

function end(): void {
  child.kill("SIGKILL");
}
process.stdin.on("end", end).on("error", end).resume();
process.on("SIGINT", end).on("SIGTERM", end).on("SIGHUP", end);

child.once("exit", (code, signal) => {
  void removeBottle(folder).then(() => process.exit(exitStatus(code, signal)));
});
