import { goModules } from "../../local/toolchain/goModules";
import { hostToolchain, type Toolchain } from "../../local/toolchain/toolchain";
import type { ToolSpec } from "../../local/toolchain/toolSpec";
import { toolTable } from "../../local/toolchain/toolTable";

/** What makes a machine a node, besides the tools of the embedded control plane. */
const nodePrograms = [
  built("kubelet", "1.36.3", "k8s.io/kubernetes/cmd/kubelet"),
  built("kube-proxy", "1.36.3", "k8s.io/kubernetes/cmd/kube-proxy"),
  built("containerd", "2.2.9", "github.com/containerd/containerd/v2/cmd/containerd"),
  built("containerd-shim-runc-v2", "2.2.9", "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2"),
  built("ctr", "2.2.9", "github.com/containerd/containerd/v2/cmd/ctr"),
  built("bridge", "1.9.1", "github.com/containernetworking/plugins/plugins/main/bridge"),
  built("host-local", "1.9.1", "github.com/containernetworking/plugins/plugins/ipam/host-local"),
  built("loopback", "1.9.1", "github.com/containernetworking/plugins/plugins/main/loopback"),
  built("portmap", "1.9.1", "github.com/containernetworking/plugins/plugins/meta/portmap"),
  // of the programs that enforce NetworkPolicies the one that this kernel lets do so
  built("kube-router", "2.1.0", "github.com/cloudnativelabs/kube-router/v2/cmd/kube-router"),
  built("coredns", "1.14.2", "./coredns"),
  packaged("runc", "Apache-2.0", "runc", "1.1", { versionArguments: ["--version"], fits: { least: "1.1.0" } }),
  packaged("nft", "GPL-2.0", "nftables", "1.0", { versionArguments: ["--version"], fits: { least: "1.0.1" } }),
  packaged("ipset", "GPL-2.0", "ipset", "7", { versionArguments: ["--version"], fits: { least: "6.0" } }),
  packaged("xtables-nft-multi", "GPL-2.0", "iptables", "1.8", { versionArguments: ["iptables", "--version"], fits: { least: "1.8.0" } }),
  // which says its version with its help alone
  packaged("busybox", "GPL-2.0", "busybox-static", "1.35", { versionArguments: ["--help"], fits: { least: "1.30.0" } }),
];

export type NodeTool = (typeof nodePrograms)[number]["name"];

/** The tools that the tests on nodes start or put into images, beside those that all tests have. */
export const nodeTools: readonly NodeTool[] = nodePrograms.map(({ name }) => name);

/** The user's toolchain with the tools of nodes in its table: all that come from one Go module are built at once. */
export function nodeToolchain(): Toolchain {
  return { ...hostToolchain(), table: [...toolTable, ...nodePrograms] };
}

function built<Name extends string>(name: Name, version: string, goPackage: string): ToolSpec<Name> {
  return { name, version, licence: "Apache-2.0", go: { module: goModules.tools, package: goPackage } };
}

function packaged<Name extends string>(
  name: Name,
  licence: string,
  debianPackage: string,
  version: string,
  onPath: ToolSpec["onPath"],
): ToolSpec<Name> {
  return { name, version, licence, debianPackage, onPath };
}
