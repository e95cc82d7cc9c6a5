import * as fs from "node:fs";
import * as path from "node:path";
import { layoutOf } from "../../local/controlPlane/layout";
import { silentProgress } from "../../local/progress";
import { type Tools, ensureTools } from "../../local/toolchain/ensureTools";
import { ApiServerDouble, type Signer } from "./apiServerDouble";
import { EdgeClient } from "./edgeClient";
import { EdgeCluster } from "./edgeCluster";
import { LoopbackEdge } from "./loopbackEdge";
import { MountedVolume } from "./mountedVolume";
import { ProjectCopy } from "./projectCopy";

/** The dev stack with an edge of its own, and nginx on loopback with what the component made for its pods. */
export class EdgeTestbed {
  readonly cluster: EdgeCluster;
  readonly leaf: MountedVolume;
  /** The CA that the stack exports when it came up. */
  readonly root: string;
  readonly token: string;
  private readonly configuration: string;
  private readonly clusterCa: MountedVolume;
  private readonly started: { stop(): Promise<void> }[] = [];

  private constructor(
    readonly project: ProjectCopy,
    readonly tools: Tools<"nginx" | "kubectl">,
  ) {
    this.root = project.outputs()["kubernetesApiCaCrt"] as string;
    this.cluster = new EdgeCluster(tools.kubectl.path, project.kubeconfig);
    this.token = this.cluster.serviceAccountToken();
    this.configuration = this.cluster.configuration();
    this.leaf = new MountedVolume(path.join(project.root, "leaf"), this.cluster.leaf());
    this.clusterCa = new MountedVolume(path.join(project.root, "cluster-ca"), { "ca.crt": this.cluster.clusterCa() });
  }

  /** Brings the stack up with this section `trustplane:interlink`, and with these systems. */
  static async create(
    interlink: Readonly<Record<string, unknown>>,
    kept: ConstructorParameters<typeof ProjectCopy>[0] = ["ingressNginx", "interlink"],
  ): Promise<EdgeTestbed> {
    const tools = await ensureTools(["nginx", "kubectl"], silentProgress);
    const project = new ProjectCopy(kept);
    try {
      project.configure({ "trustplane:interlink": interlink });
      project.run("up").expect(0);
      return new EdgeTestbed(project, tools);
    } catch (error) {
      project.dispose();
      throw error;
    }
  }

  /** nginx in front of what listens on this port of 127.0.0.1. @default the embedded API server */
  async edge(apiServer = this.cluster.apiServerPort): Promise<LoopbackEdge> {
    const { configuration, leaf, clusterCa, tools } = this;
    const paths = { leaf: leaf.folder, clusterCa: clusterCa.folder };
    const edge = await LoopbackEdge.start({ nginx: tools.nginx.path, configuration, apiServer, ...paths });
    this.started.push(edge);
    return edge;
  }

  /** A client of `edge` that trusts `ca` alone. */
  client({ port }: LoopbackEdge, ca = this.root): EdgeClient {
    return new EdgeClient({ port, ca, token: this.token });
  }

  /** Another server in the API server's place, and a client of the edge in front of it. */
  async double(dnsName: string, signer = this.clusterSigner()): Promise<{ server: ApiServerDouble; client: EdgeClient }> {
    const server = await ApiServerDouble.start(dnsName, signer);
    this.started.push(server);
    return { server, client: this.client(await this.edge(server.port)) };
  }

  async dispose(): Promise<void> {
    for (const each of this.started.reverse()) await each.stop();
    this.project.dispose();
  }

  private clusterSigner(): Signer {
    const { pki } = layoutOf(path.dirname(this.project.kubeconfig));
    return { certificate: this.cluster.clusterCa(), privateKey: fs.readFileSync(path.join(pki, "ca.key"), "utf8") };
  }
}
