import { spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import { stringify } from "yaml";
import type { Tools } from "../toolchain/ensureTools";
import { type Layout, clusterName } from "./layout";
import type { Ports } from "./ports";
import { egressSettings, kwokctlSettings, type OwnArguments } from "./settings";

/** A run of kwokctl; `ended` gives what it printed when it failed and undefined when it did not. */
export interface KwokctlRun {
  readonly ended: Promise<string | undefined>;
  /** Ends kwokctl itself; the processes that it has started stay. */
  stop(): void;
}

function run(layout: Layout, tools: Tools, args: readonly string[]): KwokctlRun {
  const env = { ...process.env, KWOK_WORKDIR: layout.kwok };
  const child = spawn(tools.kwokctl.path, [...args, "--name", clusterName], { cwd: layout.root, env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let stopped = false;
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (printed = `${printed}${chunk.toString()}`.slice(-2000)));
  const ended = new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => {
      resolve(error.message);
    });
    child.on("exit", (code) => {
      resolve(code === 0 || stopped ? undefined : printed);
    });
  });
  const stop = (): void => {
    stopped = true;
    child.kill("SIGKILL");
  };
  return { ended, stop };
}

/** Makes the cluster with these ports, around the certificates and etcd data that are there, and starts what does not run. */
export async function createCluster(layout: Layout, tools: Tools, ports: Ports, own: OwnArguments): Promise<KwokctlRun> {
  await Promise.all(layout.generated.map((file) => fs.rm(file, { recursive: true, force: true })));
  await fs.mkdir(layout.kwok, { recursive: true });
  await fs.chmod(layout.kwok, 0o700);
  await fs.writeFile(layout.settings, stringify(kwokctlSettings(layout, tools, ports, own)));
  await fs.writeFile(layout.egress, stringify(egressSettings(layout, ports)));
  return run(layout, tools, ["create", "cluster", "--config", layout.settings, "--kubeconfig", ""]);
}

/** Starts what does not run of a cluster that has been made. */
export function startCluster(layout: Layout, tools: Tools): KwokctlRun {
  return run(layout, tools, ["start", "cluster"]);
}
