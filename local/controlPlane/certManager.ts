import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { replaceFile } from "../replaceFile";
import type { Tools } from "../toolchain/ensureTools";
import { certManager } from "./components";
import { endedMessage } from "./endedMessage";
import type { Layout } from "./layout";
import { isServed, type Ports } from "./ports";
import { pidFile, runningProcesses } from "./processes";

const pollMillis = 25;
/** For a process that hangs; it listens within a second where it gets a processor. */
const patienceMillis = 120_000;

/**
 * Runs cert-manager as a process of its own that outlives this one, unless it runs already. It needs no container, waits by itself for the
 * CustomResourceDefinitions, and is the API server's way to its webhook. Its log is in `.trustplane/logs`.
 * @throws Error with what it said where it ends at once
 */
export async function ensureCertManager(layout: Layout, tools: Tools, { egress }: Ports): Promise<void> {
  const running = await runningProcesses(layout);
  if (running.some(({ component }) => component === certManager)) return;
  fs.mkdirSync(path.dirname(layout.certManagerLog), { recursive: true });
  const log = fs.openSync(layout.certManagerLog, "w");
  const args = ["--kubeconfig", layout.kubeconfig, "--egress", `127.0.0.1:${egress}`];
  const argv0 = path.join(layout.bin, certManager);
  const child = spawn(tools[certManager].path, args, { argv0, cwd: layout.root, detached: true, stdio: ["ignore", log, log] });
  fs.closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  replaceFile(pidFile(layout, certManager), String(child.pid));
  await listening(child, egress, layout);
  child.unref();
}

async function listening(child: ChildProcess, port: number, { certManagerLog }: Layout): Promise<void> {
  const deadline = Date.now() + patienceMillis;
  while (!(await isServed(port))) {
    if (Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(endedMessage(certManager, certManagerLog, `did not listen on 127.0.0.1:${port} within two minutes, and was ended`));
    }
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(endedMessage(certManager, certManagerLog));
    await sleep(pollMillis);
  }
}
