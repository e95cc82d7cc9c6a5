import { once } from "node:events";
import * as path from "node:path";
import { bottleFolder, execute, Machine, network } from "./machine";
import { type ClusterOfNodes, NodeFiles } from "./nodeFiles";
import { policyArguments } from "./nodeSettings";
import { eventually } from "./podStates";

const containerd = ["--address", "/run/containerd/containerd.sock", "--namespace", "k8s.io"];

/** A machine on which a kubelet runs pods. */
export class ClusterNode {
  readonly name: string;
  readonly address: string;
  private readonly files: NodeFiles;
  private running?: Machine;

  /** @param number from 0, which tells its addresses from those of others */
  constructor(
    number: number,
    private readonly cluster: ClusterOfNodes,
  ) {
    this.name = `node-${"ab".charAt(number)}`;
    this.address = `192.0.2.${21 + number}`;
    const [folder, cgroup] = [path.join(bottleFolder(), this.name), `/${path.basename(bottleFolder())}/${this.name}`];
    this.files = new NodeFiles({ name: this.name, address: this.address, folder, cgroup, podCidr: `10.244.${number}.0/24` }, cluster);
    execute("ip", ["route", "add", this.files.place.podCidr, "via", this.address, "dev", network.bridge]);
  }

  /** On the machine's disk. */
  get folder(): string {
    return this.files.place.folder;
  }

  /** The machine, which is another one after each start. */
  get machine(): Machine {
    if (this.running === undefined) throw new Error(`${this.name} has not been started`);
    return this.running;
  }

  /** Starts the machine and what a node runs. @param images an archive that is brought to it, where it has none yet */
  async start(images?: string): Promise<void> {
    const { tools } = this.cluster;
    this.running = await Machine.create(this.name, [this.address], network.gateway);
    this.machine.set("net/ipv4/ip_forward", "1");
    this.machine.run("ip", ["link", "add", "name", "cni0", "type", "bridge"]);
    this.machine.set("net/bridge/bridge-nf-call-iptables", "1");
    this.launch(tools.containerd.path, ["--config", this.files.path("containerd.toml")]);
    await eventually("containerd answers", 120, () => {
      this.tasks();
      return [];
    });
    if (images !== undefined) await this.importImages(images);
    this.launch(tools.kubelet.path, this.files.kubeletArguments());
    this.launch(tools["kube-proxy"].path, ["--config", this.files.path("kube-proxy.json")]);
    // which ends where its node is not there yet
    const known = ["wait", "--for=create", `node/${this.name}`, "--timeout=300s"];
    await this.complete(tools.kubectl.path, ["--kubeconfig", this.files.path("kubelet.kubeconfig"), ...known]);
    this.launch(tools["kube-router"].path, policyArguments(this.files.place, this.files.path("kube-router.kubeconfig")));
  }

  /** @param archive of images, which the node has then */
  async importImages(archive: string): Promise<void> {
    await this.complete(this.cluster.tools.ctr.path, [...containerd, "images", "import", "--local", archive]);
  }

  /** Its power fails, and comes back: nothing is left but what is on its disk. */
  async restart(): Promise<void> {
    await this.machine.cut();
    await this.start();
  }

  /** The first process of each container that runs, as the machine counts, by the container's id. */
  tasks(): ReadonlyMap<string, number> {
    const rows = this.machine.run(this.cluster.tools.ctr.path, [...containerd, "tasks", "list"]).split("\n");
    const running = rows.flatMap((row) => {
      const [, id, pid] = /^(\S+)\s+(\d+)\s+RUNNING/.exec(row) ?? [];
      return id === undefined ? [] : [[id, Number(pid)] as const];
    });
    return new Map(running);
  }

  private launch(program: string, args: readonly string[]): void {
    this.machine.start(program, args, { ...process.env, PATH: `${this.files.path("bin")}:${process.env.PATH ?? ""}` });
  }

  /** Runs a program on the machine to its end, while other machines go on. */
  private async complete(program: string, args: readonly string[]): Promise<void> {
    const [status] = (await once(this.machine.start(program, args), "exit")) as [number | null];
    if (status !== 0) throw new Error(`${this.name}: ${path.basename(program)} ${args.join(" ")} failed; see ${bottleFolder()}/logs`);
  }
}
