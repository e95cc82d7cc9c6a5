import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Tools } from "../toolchain/ensureTools";
import type { ClusterComponent } from "./components";
import type { Layout } from "./layout";
import type { Ports } from "./ports";

/** What kwok plays besides nodes and pods: addresses and volumes. */
const stages = path.join(__dirname, "stages.yaml");

type Arguments = Readonly<Record<string, string | undefined>>;

/** By their components, arguments that another control plane than the embedded one has besides or instead; `undefined` leaves one out. */
export type OwnArguments = Readonly<Partial<Record<ClusterComponent, Arguments>>>;

function patches(layout: Layout, own: OwnArguments): object[] {
  const patch = (name: ClusterComponent, args: Arguments): object => {
    const given = Object.entries({ ...args, ...own[name] }).filter(([, value]) => value !== undefined);
    return { name, extraArgs: given.map(([key, value]) => ({ key, value })) };
  };
  return [
    // Both defaults come from the default route, which a machine without a network does not have.
    patch("kube-apiserver", {
      "advertise-address": "192.0.2.1",
      "service-cluster-ip-range": "10.96.0.0/16",
      "egress-selector-config-file": layout.egress,
    }),
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
export function kwokctlSettings(layout: Layout, tools: Tools, ports: Ports, own: OwnArguments = {}): object {
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
      // kwokctl asks it whether the API server answers, which is asked here anyway
      kubectlBinary: "/usr/bin/true",
      etcdPort: ports.etcd,
      etcdPeerPort: ports.etcdPeer,
      kubeApiserverPort: ports.apiServer,
      kubeControllerManagerPort: ports.controllerManager,
      kubeSchedulerPort: ports.scheduler,
      kwokControllerPort: ports.kwok,
    },
    componentsPatches: patches(layout, own),
  };
}

/**
 * The API server's way to Services and nodes, as it would be to those of a cluster network that it is no part of: a proxy, which leads
 * cert-manager's webhook to the process that serves it. @see https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/
 */
export function egressSettings(layout: Layout, { egress }: Ports): object {
  const [caBundle, clientCert, clientKey] = ["ca.crt", "admin.crt", "admin.key"].map((name) => path.join(layout.pki, name));
  const tcp = { url: `https://127.0.0.1:${egress}`, tlsConfig: { caBundle, clientCert, clientKey } };
  const connection = { proxyProtocol: "HTTPConnect", transport: { tcp } };
  return {
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [{ name: "cluster", connection }],
  };
}

/** Changes with everything that running processes would have to be restarted for. */
export function fingerprint(layout: Layout, tools: Tools, ports: Ports): string {
  const certManager = tools["cert-manager"];
  const versions = [tools.etcd, tools["kube-apiserver"], tools.kwok, tools.kwokctl].map(({ version }) => version);
  const settings = [kwokctlSettings(layout, tools, ports), egressSettings(layout, ports), fs.readFileSync(stages, "utf8")];
  const parts = [...settings, versions, certManager.path];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
