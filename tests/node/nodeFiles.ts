import * as fs from "node:fs";
import * as path from "node:path";
import type { TestTools } from "../testTools";
import { hierarchies } from "./cgroups";
import { containerdSettings, kubeletSettings, networkSettings, type NodePlace, proxySettings } from "./nodeSettings";

/** What all nodes of a cluster have in common. */
export interface ClusterOfNodes {
  readonly tools: TestTools;
  /** One for a component that the API server shall take for this user of this group. */
  readonly kubeconfig: (user: string, group: string) => string;
  /** Path of the certificate authority's certificate. */
  readonly ca: string;
}

/** What containerd, kube-proxy and kube-router look for. */
const linked = ["bridge", "host-local", "loopback", "portmap", "runc", "nft", "ipset"] as const;

/** The files of one node: programs, settings, and what its components show the API server. */
export class NodeFiles {
  constructor(
    readonly place: NodePlace,
    cluster: ClusterOfNodes,
  ) {
    for (const each of ["cni", "bin"]) fs.mkdirSync(this.path(each), { recursive: true });
    for (const hierarchy of hierarchies()) fs.mkdirSync(path.join(hierarchy, place.cgroup), { recursive: true });
    this.writePrograms(cluster.tools);
    this.writeSettings(cluster);
  }

  path(name: string): string {
    return path.join(this.place.folder, name);
  }

  kubeletArguments(): readonly string[] {
    const { name, folder, address } = this.place;
    const files = [
      "--config",
      this.path("kubelet.json"),
      "--kubeconfig",
      this.path("kubelet.kubeconfig"),
      "--root-dir",
      `${folder}/kubelet`,
    ];
    const labels = `topology.kubernetes.io/zone=${name},topology.kubernetes.io/region=local`;
    return [...files, "--hostname-override", name, "--node-ip", address, "--node-labels", labels];
  }

  private writePrograms(tools: TestTools): void {
    for (const program of linked) fs.symlinkSync(tools[program].path, this.path(`bin/${program}`));
    for (const name of ["iptables", "iptables-save", "iptables-restore"]) this.write(`bin/${name}`, packetFilter(tools, name), 0o755);
  }

  private writeSettings({ tools, kubeconfig, ca }: ClusterOfNodes): void {
    const { name } = this.place;
    const shim = tools["containerd-shim-runc-v2"].path;
    this.write("containerd.toml", containerdSettings(this.place, { shim, runc: tools.runc.path }, this.path("bin")));
    this.write("cni/10-pods.conflist", JSON.stringify(networkSettings(this.place)));
    this.write("resolv.conf", "");
    this.write("kubelet.json", JSON.stringify(kubeletSettings(this.place, ca)));
    this.write("kube-proxy.json", JSON.stringify(proxySettings(this.place, this.path("kube-proxy.kubeconfig"))));
    this.write("kubelet.kubeconfig", kubeconfig(`system:node:${name}`, "system:nodes"));
    this.write("kube-proxy.kubeconfig", kubeconfig("system:kube-proxy", ""));
    this.write("kube-router.kubeconfig", kubeconfig("kube-router", "system:masters"));
  }

  private write(name: string, text: string, mode = 0o600): void {
    fs.writeFileSync(this.path(name), text, { mode });
  }
}

/** A command of iptables, with the extensions that were unpacked beside it where the machine has none. */
function packetFilter(tools: TestTools, command: string): string {
  const program = tools["xtables-nft-multi"].path;
  const folders = fs.globSync("usr/lib/*/xtables", { cwd: path.dirname(program) });
  const extensions = folders.map((folder) => `export XTABLES_LIBDIR=${path.join(path.dirname(program), folder)}\n`);
  return `#!/bin/sh\n${extensions.join("")}exec ${program} ${command} "$@"\n`;
}
