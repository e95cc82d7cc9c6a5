/** Why something that the charm offered has no meaning on a cluster that exists already. */
export interface NotApplicable {
  readonly reason: string;
  /** Where it is done instead. */
  readonly instead: string;
}

const hostPackage = "it chose a package of the nodes' operating system, and this program has no access to nodes";
const snap = "it steered the snap packages on the nodes, and this program has no access to nodes";
const machines = "the image of the nodes, or whatever provisions them";
const runtimes = "containerd's or CRI-O's packages in the image of the nodes; dockershim left Kubernetes in 1.24";
const gpus = "NVIDIA's GPU operator or device plugin, after which pods ask for nvidia.com/gpu; workers.nodes labels the nodes";
const monitoring = "the monitoring that the cluster has, for example a ServiceMonitor and a PrometheusRule for Prometheus";

/**
 * Options and actions of the kubernetes-worker charm that configured machines, and so have no meaning on an existing cluster: what each was, and
 * where it is done instead. They are an output of the stack, so that nobody sets them and waits.
 * @see https://github.com/charmed-kubernetes/charm-kubernetes-worker
 */
export const notApplicable: Readonly<Record<string, NotApplicable>> = {
  "apt-key-server": { reason: hostPackage, instead: machines },
  channel: { reason: snap, instead: "the upgrade of nodes by the cluster's own tool (kubeadm upgrade node, a cloud's node pools)" },
  cuda_repo: { reason: hostPackage, instead: gpus },
  "docker-ce-package": { reason: hostPackage, instead: runtimes },
  "docker-opts": {
    reason: "it set flags of the Docker daemon on the nodes, and this program has no access to nodes",
    instead: "the container runtime's configuration on the nodes; for an insecure registry, certs.d/HOST/hosts.toml of containerd",
  },
  docker_runtime: { reason: hostPackage, instead: runtimes },
  "enable-cgroups": {
    reason: "it changed the nodes' boot loader and rebooted them",
    instead: "the boot parameters in the image of the nodes; the kernels of today need none for memory accounting",
  },
  "ingress-ssl-chain-completion": {
    reason: "leaves of cert-manager come with their chain, so nothing is missing that a controller could fetch",
    instead: "ingressNginx.values: {controller: {extraArgs: {enable-ssl-chain-completion: true}}}, for certificates of others",
  },
  "kubelet-extra-args": {
    reason: "it set flags of the kubelet, which is a process of the nodes",
    instead: "the kubelet's configuration by the cluster's own tool; for one pod, securityContext.sysctls and its resources",
  },
  "kubelet-extra-config": {
    reason: "it merged into the kubelet's configuration file on the nodes",
    instead: "KubeletConfiguration by the cluster's own tool (kubeadm's kubelet-config, a cloud's node pools)",
  },
  nagios_context: { reason: "it named the nodes' hosts in Nagios, through a charm of its own", instead: monitoring },
  nagios_servicegroups: { reason: "it grouped the nodes' checks in Nagios, through a charm of its own", instead: monitoring },
  "nvidia-container-runtime-package": { reason: hostPackage, instead: gpus },
  "nvidia-docker-package": { reason: hostPackage, instead: gpus },
  "proxy-extra-args": {
    reason: "it set flags of kube-proxy, which the cluster's own tool runs",
    instead: "KubeProxyConfiguration: the ConfigMap kube-system/kube-proxy where kubeadm made the cluster",
  },
  "require-manual-upgrade": {
    reason: "it held back the upgrade of the nodes' packages until the action upgrade",
    instead: "the upgrade of nodes by the cluster's own tool, with npm run node -- drain NODE before and resume NODE after it",
  },
  snap_proxy: { reason: snap, instead: "the package manager's proxy in the image of the nodes" },
  snap_proxy_url: { reason: snap, instead: "the package manager's mirror in the image of the nodes" },
  snapd_refresh: { reason: snap, instead: "the time of upgrades in whatever provisions the nodes" },
  "action upgrade": {
    reason: "it upgraded the packages of a node",
    instead: "the upgrade of nodes by the cluster's own tool, with npm run node -- drain NODE before and resume NODE after it",
  },
  "juju add-unit": {
    reason: "it made another machine",
    instead: "whatever provisions the nodes; workers.nodes labels those that have joined",
  },
  "open-port": {
    reason: "it opened a node port in the cloud's firewall before the nodes",
    instead:
      "the firewall's own administration; inside the cluster a NetworkPolicy says who may connect (workers.ingress.example.exposure.allowedSources)",
  },
  "close-port": {
    reason: "it closed a node port in the cloud's firewall before the nodes",
    instead: "the firewall's own administration; the port itself is free once its Service is gone",
  },
};
