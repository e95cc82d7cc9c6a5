import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { constants } from "node:os";
import { embeddedKubeconfig } from "./paths";
import { openProgress } from "./progress";
import { ensureTools } from "./toolchain/ensureTools";

/** Runs kubectl on the embedded control plane, with the arguments of this script, and ends as it does. */
async function main(): Promise<void> {
  if (!fs.existsSync(embeddedKubeconfig))
    throw new Error("There is no embedded control plane. Run npm run up, then the same command again.");
  const { kubectl } = await ensureTools(["kubectl"], openProgress());
  const child = spawn(kubectl.path, ["--kubeconfig", embeddedKubeconfig, ...process.argv.slice(2)], { stdio: "inherit" });
  child.once("exit", (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
