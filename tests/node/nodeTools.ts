import { goModules } from "../../local/toolchain/goModules";
import { hostToolchain, type Toolchain } from "../../local/toolchain/toolchain";
import type { ToolSpec } from "../../local/toolchain/toolSpec";
import { toolTable } from "../../local/toolchain/toolTable";

const apache = "Apache-2.0";

/** What makes a machine a node, besides the tools of the embedded control plane. */
const nodePrograms = [
  { name: "kubelet", version: "1.36.3", licence: apache, go: built("k8s.io/kubernetes/cmd/kubelet") },
  { name: "kube-proxy", version: "1.36.3", licence: apache, go: built("k8s.io/kubernetes/cmd/kube-proxy") },
  { name: "containerd", version: "2.2.9", licence: apache, go: built("github.com/containerd/containerd/v2/cmd/containerd") },
  {
    name: "containerd-shim-runc-v2",
    version: "2.2.9",
    licence: apache,
    go: built("github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2"),
  },
  { name: "ctr", version: "2.2.9", licence: apache, go: built("github.com/containerd/containerd/v2/cmd/ctr") },
  { name: "bridge", version: "1.9.1", licence: apache, go: built("github.com/containernetworking/plugins/plugins/main/bridge") },
  { name: "host-local", version: "1.9.1", licence: apache, go: built("github.com/containernetworking/plugins/plugins/ipam/host-local") },
  { name: "loopback", version: "1.9.1", licence: apache, go: built("github.com/containernetworking/plugins/plugins/main/loopback") },
  { name: "portmap", version: "1.9.1", licence: apache, go: built("github.com/containernetworking/plugins/plugins/meta/portmap") },
  // of the programs that enforce NetworkPolicies the one that this kernel lets do so
  { name: "kube-router", version: "2.1.0", licence: apache, go: built("github.com/cloudnativelabs/kube-router/v2/cmd/kube-router") },
  { name: "coredns", version: "1.14.2", licence: apache, go: built("./coredns") },
  {
    name: "runc",
    version: "1.1",
    licence: apache,
    onPath: { versionArguments: ["--version"], fits: { least: "1.1.0" } },
    debianPackage: "runc",
  },
  {
    name: "nft",
    version: "1.0",
    licence: "GPL-2.0",
    onPath: { versionArguments: ["--version"], fits: { least: "1.0.1" } },
    debianPackage: "nftables",
  },
  {
    name: "ipset",
    version: "7",
    licence: "GPL-2.0",
    onPath: { versionArguments: ["--version"], fits: { least: "6.0" } },
    debianPackage: "ipset",
  },
  {
    name: "xtables-nft-multi",
    version: "1.8",
    licence: "GPL-2.0",
    onPath: { versionArguments: ["iptables", "--version"], fits: { least: "1.8.0" } },
    debianPackage: "iptables",
  },
  {
    name: "busybox",
    version: "1.35",
    licence: "GPL-2.0",
    // no version of its own is asked for by an argument
    onPath: { versionArguments: ["--help"], fits: { least: "1.30.0" } },
    debianPackage: "busybox-static",
  },
] as const satisfies readonly ToolSpec[];

export type NodeTool = (typeof nodePrograms)[number]["name"];

/** The tools that the tests on nodes start or put into images, beside those that all tests have. */
export const nodeTools: readonly NodeTool[] = nodePrograms.map(({ name }) => name);

/** The user's toolchain with the tools of nodes in its table: all that come from one Go module are built at once. */
export function nodeToolchain(): Toolchain {
  return { ...hostToolchain(), table: [...toolTable, ...nodePrograms] };
}

function built(goPackage: string): { readonly module: typeof goModules.tools; readonly package: string } {
  return { module: goModules.tools, package: goPackage };
}
