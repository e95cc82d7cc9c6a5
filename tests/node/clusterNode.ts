import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { patience } from "../patience";
import type { TestTools } from "../testTools";
import { bottleFolder, execute, Machine, network } from "./machine";
import { containerdSettings, kubeletSettings, networkSettings, type NodePlace, proxySettings } from "./nodeSettings";

/** Who a component of a node is to the API server. */
export type ImpersonatedKubeconfig = (user: string, group: string) => string;

/** What all nodes of a cluster have in common. */
export interface ClusterOfNodes {
  readonly tools: TestTools;
  readonly kubeconfig: ImpersonatedKubeconfig;
  /** Path of the certificate authority's certificate. */
  readonly ca: string;
}

const client = ["--address", "/run/containerd/containerd.sock", "--namespace", "k8s.io"];
const networkPlugins = ["bridge", "host-local", "loopback", "portmap"] as const;

/** A machine on which a kubelet runs pods. */
export class ClusterNode {
  private readonly running: ChildProcess[] = [];

  private constructor(
    readonly place: NodePlace,
    readonly machine: Machine,
    private readonly cluster: ClusterOfNodes,
  ) {}

  /** @param number from 0, which tells its addresses from those of others */
  static async create(number: number, cluster: ClusterOfNodes): Promise<ClusterNode> {
    const name = `node-${"ab".charAt(number)}`;
    const address = `192.0.2.${21 + number}`;
    const [folder, cgroup] = [path.join(bottleFolder(), name), `/${path.basename(bottleFolder())}/${name}`];
    const machine = await Machine.create(name, [address], network.gateway);
    const node = new ClusterNode({ name, address, folder, cgroup, podCidr: `10.244.${number}.0/24` }, machine, cluster);
    node.prepare();
    return node;
  }

  /** Starts what a node runs, and brings images to it. */
  async start(images: string): Promise<void> {
    const { tools } = this.cluster;
    this.launch(tools.containerd.path, ["--config", this.file("containerd.toml")]);
    await this.answers();
    await this.bring(images);
    this.startKubelet();
    this.launch(tools["kube-proxy"].path, ["--config", this.file("kube-proxy.json")]);
  }

  private async bring(images: string): Promise<void> {
    const child = this.machine.start(this.cluster.tools.ctr.path, [...client, "images", "import", "--local", images]);
    const [status] = (await once(child, "exit")) as [number | null];
    if (status !== 0) throw new Error(`${this.place.name}: images cannot be imported; see ${bottleFolder()}/logs`);
  }

  /** Runs containerd's client in the namespace of Kubernetes. */
  containers(...args: readonly string[]): string {
    return this.machine.run(this.cluster.tools.ctr.path, [...client, ...args]);
  }

  /** The first process of each container that runs, by the container's id. */
  tasks(): ReadonlyMap<string, number> {
    const rows = this.containers("tasks", "list").split("\n").slice(1);
    return new Map(
      rows.flatMap((row) => (/^(\S+)\s+(\d+)\s+RUNNING/.exec(row) ? [[row.split(/\s+/)[0] ?? "", Number(row.split(/\s+/)[1])]] : [])),
    );
  }

  private startKubelet(): void {
    const { name, folder, address } = this.place;
    const labels = `topology.kubernetes.io/zone=${name},topology.kubernetes.io/region=local`;
    const where = [
      "--config",
      this.file("kubelet.json"),
      "--kubeconfig",
      this.file("kubelet.kubeconfig"),
      "--root-dir",
      `${folder}/kubelet`,
    ];
    this.launch(this.cluster.tools.kubelet.path, [...where, "--hostname-override", name, "--node-ip", address, "--node-labels", labels]);
  }

  private launch(program: string, args: readonly string[]): void {
    const { nft, runc } = this.cluster.tools;
    const paths = [path.dirname(nft.path), path.dirname(runc.path), process.env.PATH];
    this.running.push(this.machine.start(program, args, { ...process.env, PATH: paths.join(":") }));
  }

  private async answers(): Promise<void> {
    const deadline = Date.now() + patience(60);
    for (;;) {
      try {
        this.containers("version");
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(100);
      }
    }
  }

  private prepare(): void {
    const { name, folder, podCidr, address, cgroup } = this.place;
    const { tools, kubeconfig, ca } = this.cluster;
    for (const each of ["cni", "bin"]) fs.mkdirSync(path.join(folder, each), { recursive: true });
    for (const plugin of networkPlugins) fs.symlinkSync(tools[plugin].path, path.join(folder, "bin", plugin));
    const shim = tools["containerd-shim-runc-v2"].path;
    this.write("containerd.toml", containerdSettings(this.place, { shim, runc: tools.runc.path }, path.join(folder, "bin")));
    this.write("cni/10-pods.conflist", JSON.stringify(networkSettings(this.place)));
    this.write("resolv.conf", "");
    this.write("kubelet.json", JSON.stringify(kubeletSettings(this.place, ca)));
    this.write("kubelet.kubeconfig", kubeconfig(`system:node:${name}`, "system:nodes"));
    this.write("kube-proxy.kubeconfig", kubeconfig("system:kube-proxy", ""));
    this.write("kube-proxy.json", JSON.stringify(proxySettings(this.place, this.file("kube-proxy.kubeconfig"))));
    this.machine.set("net/ipv4/ip_forward", "1");
    this.machine.run("ip", ["link", "add", "name", "cni0", "type", "bridge"]);
    this.machine.set("net/bridge/bridge-nf-call-iptables", "1");
    execute("ip", ["route", "add", podCidr, "via", address]);
    for (const hierarchy of hierarchies()) fs.mkdirSync(path.join(hierarchy, cgroup), { recursive: true });
  }

  private file(name: string): string {
    return path.join(this.place.folder, name);
  }

  private write(name: string, text: string): void {
    fs.writeFileSync(this.file(name), text, { mode: 0o600 });
  }
}

/** The cgroup file systems that the machine has mounted. */
function hierarchies(): readonly string[] {
  const mounts = fs.readFileSync("/proc/mounts", "utf8").split("\n");
  const [all, first] = [mounts.map((line) => line.split(" ")), "cgroup"];
  const versionOne = all.filter(([, , type]) => type === first);
  return (versionOne.length > 0 ? versionOne : all.filter(([, , type]) => type === "cgroup2")).map(([, at = ""]) => at);
}
