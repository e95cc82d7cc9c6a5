import * as fs from "node:fs";
import { edgePaths, edgePorts } from "../../components/interlink/nginxConfiguration";
import { eventually } from "./controlPlaneTestbed";
import { freePort } from "./freePort";
import { LoopbackNginx } from "./loopbackNginx";

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
    private readonly nginx: LoopbackNginx,
  ) {}

  static async start({ leaf, clusterCa, apiServer, ...args }: LoopbackEdgeArgs): Promise<LoopbackEdge> {
    const [https, health] = [await freePort(), await freePort()];
    const places = {
      [`include ${edgePaths.apiServer};`]: `server 127.0.0.1:${apiServer} max_fails=0;`,
      [edgePaths.certificate]: leaf,
      [edgePaths.clusterCa]: clusterCa,
      [`listen ${edgePorts.https} `]: `listen 127.0.0.1:${https} `,
      [`listen ${edgePorts.health};`]: `listen 127.0.0.1:${health};`,
    };
    const edge = new LoopbackEdge(https, new LoopbackNginx({ ...args, places }));
    await eventually(`nginx answers probes; what it says instead is in ${edge.nginx.log}`, async () => healthy(health));
    return edge;
  }

  /** What nginx printed: its access log and its errors. */
  log(): string {
    return fs.readFileSync(this.nginx.log, "utf8");
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
  }
}

async function healthy(port: number): Promise<boolean> {
  try {
    return (await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()) === "ok\n";
  } catch {
    return false;
  }
}
