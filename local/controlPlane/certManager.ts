import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { replaceFile } from "../replaceFile";
import type { Tools } from "../toolchain/ensureTools";
import { certManagerControllers } from "./components";
import type { Layout } from "./layout";
import { pidFile, runningProcesses } from "./processes";

/** Where cert-manager's Helm chart, too, looks for the Secrets that ClusterIssuers name. */
const clusterResourceNamespace = "cert-manager";

/**
 * Runs cert-manager's issuing controllers as a process of its own that outlives this one, unless they run already. They need no container and
 * wait by themselves for the CustomResourceDefinitions. Their log is in `.trustplane/logs`.
 */
export async function ensureCertManagerControllers(layout: Layout, tools: Tools): Promise<void> {
  const running = await runningProcesses(layout);
  if (running.some(({ component }) => component === certManagerControllers)) return;
  fs.mkdirSync(path.dirname(layout.certManagerLog), { recursive: true });
  const log = fs.openSync(layout.certManagerLog, "w");
  const args = ["--kubeconfig", layout.kubeconfig, "--cluster-resource-namespace", clusterResourceNamespace];
  const argv0 = path.join(layout.bin, certManagerControllers);
  const child = spawn(tools[certManagerControllers].path, args, { argv0, cwd: layout.root, detached: true, stdio: ["ignore", log, log] });
  fs.closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  replaceFile(pidFile(layout, certManagerControllers), String(child.pid));
  child.unref();
}
