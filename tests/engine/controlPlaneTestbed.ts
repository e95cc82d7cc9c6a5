import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Component, controlPlaneTools } from "../../local/controlPlane/components";
import { type ControlPlane, ensureControlPlane } from "../../local/controlPlane/ensureControlPlane";
import { type Layout, layoutOf } from "../../local/controlPlane/layout";
import { type ComponentProcess, runningProcesses } from "../../local/controlPlane/processes";
import { stopControlPlane } from "../../local/controlPlane/stopControlPlane";
import { type Progress, silentProgress } from "../../local/progress";
import { type Tools, ensureTools } from "../../local/toolchain/ensureTools";
import { patience } from "../patience";

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A control plane of its own in a temporary folder. */
export class ControlPlaneTestbed {
  /** What the last `ensure` said on lines of its own. */
  lines: string[] = [];

  private constructor(
    readonly tools: Tools,
    readonly layout: Layout,
  ) {}

  static async create(): Promise<ControlPlaneTestbed> {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "trustplane-control-plane-"));
    return new ControlPlaneTestbed(await ensureTools(["helm", "kubectl", ...controlPlaneTools], silentProgress), layoutOf(root));
  }

  async ensure(tools: Tools = this.tools): Promise<ControlPlane> {
    const lines: string[] = [];
    const progress: Progress = { ...silentProgress, line: (text) => lines.push(text) };
    try {
      return await ensureControlPlane(tools, progress, this.layout.root);
    } finally {
      this.lines = lines;
    }
  }

  async dispose(): Promise<void> {
    await stopControlPlane(silentProgress, this.layout.root);
    fs.rmSync(this.layout.root, { recursive: true });
  }

  async processes(): Promise<readonly ComponentProcess[]> {
    return runningProcesses(this.layout);
  }

  /** Kills the processes of these components, or all, without a warning. */
  async kill(...only: readonly Component[]): Promise<void> {
    const doomed = (await this.processes()).filter(({ component }) => only.length === 0 || only.some((name) => name === component));
    for (const { pid } of doomed) process.kill(pid, "SIGKILL");
    await eventually("the killed processes are gone", async () => {
      const left = await this.processes();
      return doomed.every(({ pid }) => !left.some((each) => each.pid === pid));
    });
  }

  /** Runs kubectl and gives what it prints. @throws Error when it fails */
  async kubectl(args: readonly string[], input = ""): Promise<string> {
    const { code, output } = await this.run("kubectl", args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")} failed: ${output}`);
    return output.trim();
  }

  async run(tool: "kubectl" | "helm", args: readonly string[], input = ""): Promise<Ended> {
    const env = { ...process.env, KUBECONFIG: this.layout.kubeconfig };
    return new Promise((resolve) => {
      const child = execFile(this.tools[tool].path, args, { env, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : 1, output: error === null ? stdout : stdout + stderr });
      });
      child.stdin?.end(input);
    });
  }

  /** Waits until a JSONPath of an object reads `wanted`. */
  async reads(object: readonly string[], jsonPath: string, wanted: string | RegExp): Promise<void> {
    await eventually(`${object.join(" ")} reads ${String(wanted)} at ${jsonPath}`, async () => {
      const { output } = await this.run("kubectl", ["get", ...object, "-o", `jsonpath={${jsonPath}}`]);
      return typeof wanted === "string" ? output === wanted : wanted.test(output);
    });
  }
}

/** Waits as long as that may take. @throws Error naming `what` */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const limit = patience(300);
  const deadline = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not within ${limit / 1000} s: ${what}`);
    await sleep(100);
  }
}
