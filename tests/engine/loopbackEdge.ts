import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { edgePaths, edgePorts } from "../../components/interlink/nginxConfiguration";
import { eventually } from "./controlPlaneTestbed";
import { freePort } from "./freePort";

export interface LoopbackEdgeArgs {
  /** nginx's program. */
  readonly nginx: string;
  /** What the component made of `nginx.conf`. */
  readonly configuration: string;
  /** Folder of the mounted leaf. */
  readonly leaf: string;
  /** Folder of the mounted `ca.crt` that the API server is verified with. */
  readonly clusterCa: string;
  /** Where the API server listens on 127.0.0.1. */
  readonly apiServer: number;
}

/** The edge's nginx on this machine's loopback; only paths, ports and the API server's address differ from those in a pod. */
export class LoopbackEdge {
  private constructor(
    /** Where clients connect to on 127.0.0.1. */
    readonly port: number,
    private readonly folder: string,
    private readonly nginx: ChildProcess,
  ) {}

  static async start(args: LoopbackEdgeArgs): Promise<LoopbackEdge> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "edge-"));
    const [https, health] = [await freePort(), await freePort()];
    fs.writeFileSync(path.join(folder, "nginx.conf"), onLoopback(args, folder, https, health));
    const edge = new LoopbackEdge(https, folder, startNginx(args.nginx, folder));
    await eventually(`nginx answers probes; what it says instead is in ${folder}/log`, async () => healthy(health));
    return edge;
  }

  /** What nginx printed: its access log and its errors. */
  log(): string {
    return fs.readFileSync(path.join(this.folder, "log"), "utf8");
  }

  async stop(): Promise<void> {
    const ended = once(this.nginx, "exit");
    this.nginx.kill("SIGTERM");
    await ended;
    fs.rmSync(this.folder, { recursive: true });
  }
}

function onLoopback(
  { configuration, leaf, clusterCa, apiServer }: LoopbackEdgeArgs,
  folder: string,
  https: number,
  health: number,
): string {
  const places: Readonly<Record<string, string>> = {
    [`include ${edgePaths.apiServer};`]: `server 127.0.0.1:${apiServer} max_fails=0;`,
    " /tmp/": ` ${folder}/`,
    [edgePaths.certificate]: leaf,
    [edgePaths.clusterCa]: clusterCa,
    [`listen ${edgePorts.https} `]: `listen 127.0.0.1:${https} `,
    [`listen ${edgePorts.health};`]: `listen 127.0.0.1:${health};`,
  };
  return Object.entries(places).reduce((text, [inPod, here]) => {
    assert.ok(text.includes(inPod), `the configuration has no ${inPod}:\n${text}`);
    return text.replaceAll(inPod, here);
  }, configuration);
}

/** In a pod all of nginx is one unprivileged user; started by root, its workers would become another one that cannot read the test's files. */
function startNginx(program: string, folder: string): ChildProcess {
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const log = fs.openSync(path.join(folder, "log"), "a");
  const args = ["-p", folder, "-e", "stderr", "-c", path.join(folder, "nginx.conf"), "-g", `daemon off; ${user}`];
  const nginx = spawn(program, args, { stdio: ["ignore", log, log] });
  fs.closeSync(log);
  return nginx;
}

async function healthy(port: number): Promise<boolean> {
  try {
    return (await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()) === "ok\n";
  } catch {
    return false;
  }
}
