import * as fs from "node:fs";
import * as path from "node:path";
import { destroy } from "../../automation/destroy";
import { refresh } from "../../automation/refresh";
import { up } from "../../automation/up";
import type { PonosAgentArgs } from "../../components/ponos/ponosAgent";
import { projectRoot } from "../../local/paths";
import { ControlPlaneTestbed } from "./controlPlaneTestbed";
import { SmallProject } from "./smallProject";

/** Everything but the roots, which a test rotates. */
const settled: Omit<PonosAgentArgs, "certificates"> = {
  identifier: "lab",
  generations: [1],
  url: "https://arkindex.example.org",
  farmId: "0123456",
  seed: "1234e56",
  dataDir: "/data",
  extraEnvironment: { TRICKY: "no" },
  extraVolumes: [],
  image: "registry.example.org/ponos-agent:1.2.3",
  imagePullSecrets: [],
  resources: { requests: { cpu: "100m" }, limits: { memory: "1Gi" } },
  nodeSelector: {},
  tolerations: [],
  configuration: "secret",
  rbac: "namespaced",
  stopJobs: false,
  namespace: "farm",
  protect: false,
  networkPolicy: true,
  storage: { claimName: "ponos-data", size: "1Gi", storageClass: "local-path", accessMode: "ReadWriteOnce" },
  caBundle: {
    claimName: "my-ca-bundle",
    mountPath: "/ssl",
    publicRoots: true,
    variables: [],
    image: "docker.io/library/busybox:1.37.0",
    runAsUser: 65_532,
  },
};

/** The component alone, on a control plane of its own, driven by the scripts. */
export class PonosTestbed {
  private readonly project = new SmallProject();

  private constructor(readonly cluster: ControlPlaneTestbed) {}

  static async create(): Promise<PonosTestbed> {
    const cluster = await ControlPlaneTestbed.create();
    await cluster.ensure();
    return new PonosTestbed(cluster);
  }

  /** Brings the stack to an agent with these arguments; gives what the script printed. */
  async up(args: Pick<PonosAgentArgs, "certificates"> & Partial<PonosAgentArgs>): Promise<string> {
    this.project.program(this.program({ ...settled, ...args }));
    await up(this.project.session({ "no-verify": true }));
    return this.project.take();
  }

  async refresh(): Promise<string> {
    await refresh(this.project.session());
    return this.project.take();
  }

  async destroy(): Promise<string> {
    await destroy(this.project.session({ yes: true }));
    return this.project.take();
  }

  /** The state as it lies on the disk. */
  state(): string {
    return fs.readFileSync(path.join(this.project.root, "state", ".pulumi", "stacks", "small", "one.json"), "utf8");
  }

  /** kubectl's answer in the agent's namespace, read as JSON. */
  async get<T>(...object: readonly string[]): Promise<T> {
    return JSON.parse(await this.cluster.kubectl(["-n", "farm", "get", ...object, "-o", "json"])) as T;
  }

  /** Names of the namespace's objects of these kinds that a stack made. */
  async names(kinds: string): Promise<readonly string[]> {
    const ours = ["-l", "app.kubernetes.io/part-of=trustplane"];
    const text = await this.cluster.kubectl(["-n", "farm", "get", kinds, ...ours, "-o", "name"]);
    return text === "" ? [] : text.split("\n").sort();
  }

  async dispose(): Promise<void> {
    this.project.remove();
    await this.cluster.dispose();
  }

  private program(args: PonosAgentArgs): string {
    const component = (file: string): string => JSON.stringify(path.join(projectRoot, "components", file));
    const provider = { identifier: "lab", kubeconfig: this.cluster.layout.kubeconfig };
    return `const { clusterProvider } = require(${component("platform/clusterProvider")});
const { PonosAgent } = require(${component("ponos/ponosAgent")});
const provider = clusterProvider(${JSON.stringify(provider)});
const args = ${JSON.stringify(args)};
const agent = new PonosAgent("ponos", { ...args, seed: pulumi.secret(args.seed) }, { provider });
return { deployment: agent.deploymentName };`;
  }
}
