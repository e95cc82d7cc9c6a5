import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Tools } from "../toolchain/ensureTools";
import type { Layout } from "./layout";
import type { Ports } from "./ports";

/** What kwok plays besides nodes and pods: addresses and volumes. */
const stages = path.join(__dirname, "stages.yaml");

type Arguments = Readonly<Record<string, string>>;

function patch(name: string, args: Arguments): object {
  return { name, extraArgs: Object.entries(args).map(([key, value]) => ({ key, value })) };
}

function patches(layout: Layout): object[] {
  return [
    // Both defaults come from the default route, which a machine without a network does not have.
    patch("kube-apiserver", { "advertise-address": "192.0.2.1", "service-cluster-ip-range": "10.96.0.0/16" }),
    patch("kube-scheduler", { "leader-elect": "false" }),
    // Nodes without leases stay Ready while kwok restarts.
    patch("kwok-controller", { "node-lease-duration-seconds": "0", config: stages }),
    patch("kube-controller-manager", {
      "node-monitor-grace-period": "8760h",
      "leader-elect": "false",
      "cluster-signing-cert-file": path.join(layout.pki, "ca.crt"),
      "cluster-signing-key-file": path.join(layout.pki, "ca.key"),
    }),
  ];
}

/** kwokctl's configuration: every process on 127.0.0.1, from the given executables. @see https://kwok.sigs.k8s.io/docs/generated/apis/ */
export function kwokctlSettings(layout: Layout, tools: Tools, ports: Ports): object {
  return {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      runtime: "binary",
      bindAddress: "127.0.0.1",
      disableQPSLimits: true,
      etcdBinary: tools.etcd.path,
      kubeApiserverBinary: tools["kube-apiserver"].path,
      kubeControllerManagerBinary: tools["kube-controller-manager"].path,
      kubeSchedulerBinary: tools["kube-scheduler"].path,
      kwokControllerBinary: tools.kwok.path,
      kubectlBinary: tools.kubectl.path,
      etcdPort: ports.etcd,
      etcdPeerPort: ports.etcdPeer,
      kubeApiserverPort: ports.apiServer,
      kubeControllerManagerPort: ports.controllerManager,
      kubeSchedulerPort: ports.scheduler,
      kwokControllerPort: ports.kwok,
    },
    componentsPatches: patches(layout),
  };
}

/** Changes with everything that running processes would have to be restarted for. */
export function fingerprint(layout: Layout, tools: Tools, ports: Ports): string {
  const controllers = tools["cert-manager-controllers"];
  const versions = [tools.etcd, tools["kube-apiserver"], tools.kwok, tools.kwokctl, controllers].map(({ version }) => version);
  const parts = [kwokctlSettings(layout, tools, ports), versions, controllers.path, fs.readFileSync(stages, "utf8")];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
