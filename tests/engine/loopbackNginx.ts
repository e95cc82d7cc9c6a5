import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export interface LoopbackNginxArgs {
  /** nginx's program. */
  readonly nginx: string;
  /** What the component made of `nginx.conf`. */
  readonly configuration: string;
  /** What stands in it for a pod, and what for this machine: folders, ports, addresses. */
  readonly places: Readonly<Record<string, string>>;
}

/** nginx on this machine's loopback with a pod's configuration. */
export class LoopbackNginx {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "nginx-"));
  /** What nginx prints: its access log and its errors. */
  readonly log = path.join(this.folder, "log");
  private readonly process: ChildProcess;

  constructor(args: LoopbackNginxArgs) {
    fs.writeFileSync(path.join(this.folder, "nginx.conf"), here(args, this.folder));
    this.process = this.start(args.nginx);
  }

  async stop(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await ended;
    fs.rmSync(this.folder, { recursive: true });
  }

  /** In a pod all of nginx is one unprivileged user; started by root, its workers would become another one that cannot read the test's files. */
  private start(program: string): ChildProcess {
    const user = process.getuid?.() === 0 ? "user root;" : "";
    const log = fs.openSync(this.log, "a");
    const args = ["-p", this.folder, "-e", "stderr", "-c", path.join(this.folder, "nginx.conf"), "-g", `daemon off; ${user}`];
    const nginx = spawn(program, args, { stdio: ["ignore", log, log] });
    fs.closeSync(log);
    return nginx;
  }
}

/** In one go: a folder here may have a pod's path in its own. */
function here({ configuration, places }: LoopbackNginxArgs, folder: string): string {
  const all: Readonly<Record<string, string>> = { ...places, " /tmp/": ` ${folder}/` };
  for (const inPod of Object.keys(all)) assert.ok(configuration.includes(inPod), `the configuration has no ${inPod}:\n${configuration}`);
  const literally = Object.keys(all).map((text) => text.replaceAll(".", "\\."));
  return configuration.replaceAll(new RegExp(literally.join("|"), "g"), (inPod) => all[inPod] ?? "");
}
