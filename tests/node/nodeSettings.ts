/** Where one node keeps its things, and what it is called. */
export interface NodePlace {
  readonly name: string;
  /** Its own folder, on a disk. */
  readonly folder: string;
  /** The machine's address. */
  readonly address: string;
  /** Of the pods on it, such as 10.244.1.0/24. */
  readonly podCidr: string;
  /** The path in each hierarchy under which its pods' cgroups are. */
  readonly cgroup: string;
}

/** All pods of the cluster. */
const clusterCidr = "10.244.0.0/16";
const dnsAddress = "10.96.0.10";
export const pauseImage = "registry.k8s.io/pause:3.10.1";

/** containerd's configuration, TOML. @see https://github.com/containerd/containerd/blob/main/docs/cri/config.md */
export function containerdSettings({ folder }: NodePlace, programs: { readonly shim: string; readonly runc: string }, cni: string): string {
  return `version = 3
root = "${folder}/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.nri.v1.nri", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
[grpc]
address = "/run/containerd/containerd.sock"
[plugins."io.containerd.cri.v1.runtime"]
restrict_oom_score_adj = true
tolerate_missing_hugetlb_controller = true
disable_hugetlb_controller = true
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
runtime_path = "${programs.shim}"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
BinaryName = "${programs.runc}"
SystemdCgroup = false
[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = ["${cni}"]
conf_dir = "${folder}/cni"
[plugins."io.containerd.cri.v1.images".registry]
config_path = "${folder}/certs.d"
[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "${pauseImage}"
`;
}

/** The pods' network on one node. @see https://www.cni.dev/plugins/current/main/bridge/ */
export function networkSettings({ podCidr }: NodePlace): object {
  const ipam = { type: "host-local", ranges: [[{ subnet: podCidr }]], routes: [{ dst: "0.0.0.0/0" }] };
  const bridge = { type: "bridge", bridge: "cni0", isGateway: true, hairpinMode: true, ipam };
  const portmap = { type: "portmap", capabilities: { portMappings: true }, snat: true, backend: "nftables" };
  return { cniVersion: "1.0.0", name: "pods", plugins: [bridge, portmap] };
}

/** @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
export function kubeletSettings({ folder, cgroup }: NodePlace, clientCa: string): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: clientCa } },
    authorization: { mode: "Webhook" },
    clusterDNS: [dnsAddress],
    clusterDomain: "cluster.local",
    cgroupDriver: "cgroupfs",
    cgroupRoot: cgroup,
    failCgroupV1: false,
    failSwapOn: false,
    containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
    podLogsDir: `${folder}/pod-logs`,
    volumePluginDir: `${folder}/volume-plugins`,
    resolvConf: `${folder}/resolv.conf`,
    imageGCHighThresholdPercent: 100,
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "2%", "imagefs.available": "2%", "nodefs.inodesFree": "2%" },
    nodeStatusUpdateFrequency: "5s",
    // what changes in a Secret is in its volume after this long at most, and not after a minute and a half
    syncFrequency: "5s",
    configMapAndSecretChangeDetectionStrategy: "Watch",
    serializeImagePulls: false,
    crashLoopBackOff: { maxContainerRestartPeriod: "5s" },
    featureGates: { KubeletCrashLoopBackOffMax: true },
  };
}

/** kube-router's, which only enforces NetworkPolicies. @see https://www.kube-router.io/docs/user-guide/ */
export function policyArguments({ name }: NodePlace, kubeconfig: string): readonly string[] {
  const only = { "run-firewall": true, "run-router": false, "run-service-proxy": false, "run-loadbalancer": false };
  return [
    ...Object.entries(only).map(([part, runs]) => `--${part}=${runs}`),
    `--kubeconfig=${kubeconfig}`,
    `--hostname-override=${name}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    "--iptables-sync-period=1m",
    "--health-port=0",
  ];
}

/** @see https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ */
export function proxySettings({ name, address }: NodePlace, kubeconfig: string): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "nftables",
    clusterCIDR: clusterCidr,
    hostnameOverride: name,
    nodePortAddresses: [`${address}/32`],
    // these would be set on the whole machine
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    clientConnection: { kubeconfig },
  };
}
