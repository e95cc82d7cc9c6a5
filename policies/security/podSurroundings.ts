import { cis, nsa, own, podSecurity } from "../frameworks";
import { isKind } from "../../config/kubernetesType";
import { type Container, containerRule, podRule, podTemplate, when } from "../podTemplates";
import type { Reading } from "../reading";
import type { Finding, ResourceRule } from "../rule";

const handlers = [
  ["livenessProbe", "httpGet"],
  ["livenessProbe", "tcpSocket"],
  ["readinessProbe", "httpGet"],
  ["readinessProbe", "tcpSocket"],
  ["startupProbe", "httpGet"],
  ["startupProbe", "tcpSocket"],
  ["lifecycle", "postStart", "httpGet"],
  ["lifecycle", "postStart", "tcpSocket"],
  ["lifecycle", "preStop", "httpGet"],
  ["lifecycle", "preStop", "tcpSocket"],
];

export const disallowProbeHosts = containerRule(
  {
    name: "disallow-probe-hosts",
    title: "The kubelet probes the pod, and no host that the pod names.",
    severity: "medium",
    level: "mandatory",
    frameworks: [podSecurity("baseline", "hostProbesAndHostLifecycle")],
    remediation: ["Remove host from probes and lifecycle handlers."],
    scopes: ["hosts"],
  },
  (container) =>
    handlers.flatMap((place) => {
      const host = container.at(...place, "host").text() ?? "";
      const message = `lets the kubelet call ${host} (${place.join(".")}); host must be absent`;
      return host === "" ? [] : [{ message, value: { hosts: [host] } }];
    }),
);

function hostPaths(volumes: Reading): readonly Finding[] {
  return volumes.items().flatMap((volume) => {
    if (!volume.at("hostPath").isPresent()) return [];
    const folder = volume.at("hostPath", "path").text() ?? "a path that is not known yet";
    const message = `volume ${volume.at("name").text() ?? "of no name"} is ${folder} of the node; hostPath must be absent`;
    return [{ message, value: { paths: [folder] } }];
  });
}

export const disallowHostPaths: ResourceRule = {
  name: "disallow-host-paths",
  title: "No pod and no PersistentVolume mounts a folder of its node.",
  severity: "critical",
  level: "mandatory",
  frameworks: [podSecurity("baseline", "hostPathVolumes"), cis("5.2.12"), nsa("C-0048")],
  remediation: ["Use a PersistentVolumeClaim of a storage class, an emptyDir or a projected volume."],
  scopes: ["paths"],
  judge: (resource) => {
    if (isKind(resource.type, "", "PersistentVolume")) return persistentHostPath(resource.props.at("spec", "hostPath"));
    const pod = podTemplate(resource);
    return pod && hostPaths(pod.spec.at("volumes"));
  },
};

function persistentHostPath(hostPath: Reading): readonly Finding[] {
  if (!hostPath.isPresent()) return [];
  const folder = hostPath.at("path").text() ?? "a path that is not known yet";
  return [{ message: `the volume is ${folder} of a node; hostPath must be absent`, value: { paths: [folder] } }];
}

const volumeTypes = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];

export const limitVolumeTypes = podRule(
  {
    name: "limit-volume-types",
    title: "Pods mount only volumes that give nothing of the node away.",
    severity: "high",
    level: "mandatory",
    frameworks: [podSecurity("restricted", "restrictedVolumes")],
    remediation: [`Use one of ${volumeTypes.join(", ")}.`],
    scopes: ["volumeTypes"],
  },
  ({ spec }) =>
    spec
      .at("volumes")
      .items()
      .flatMap((volume) => {
        const name = volume.at("name").text() ?? "of no name";
        const types = volume.keys().filter((key) => key !== "name" && volume.at(key).isPresent() && !volumeTypes.includes(key));
        const allowed = volumeTypes.join(", ");
        return types.map((type) => ({
          message: `volume ${name} is of type ${type}; allowed are ${allowed}`,
          value: { volumeTypes: [type] },
        }));
      }),
);

const sockets = /(^|\/)(docker|containerd|crio|cri-dockerd|podman)\.sock$|^\/(var\/)?run\/(containerd|crio|docker)\/?$/;

export const disallowRuntimeSockets = podRule(
  {
    name: "disallow-runtime-sockets",
    title: "No pod reaches the node's container runtime.",
    severity: "critical",
    level: "mandatory",
    frameworks: [own("pods"), nsa("C-0074")],
    remediation: ["Remove the volume: who talks to the runtime is root on the node.", "Build images with a tool that needs no daemon."],
    scopes: ["paths"],
  },
  ({ spec }) =>
    spec
      .at("volumes")
      .items()
      .flatMap((volume) => {
        const folder = volume.at("hostPath", "path").text() ?? "";
        return sockets.test(folder)
          ? [{ message: `mounts the container runtime's ${folder}; no pod may`, value: { paths: [folder] } }]
          : [];
      }),
);

export const requireReadOnlyRootFilesystem = containerRule(
  {
    name: "require-read-only-root-filesystem",
    title: "Containers write to volumes only.",
    severity: "low",
    level: "advisory",
    frameworks: [own("pods"), nsa("C-0017")],
    remediation: ["Write securityContext.readOnlyRootFilesystem: true.", "Mount an emptyDir where the program writes."],
  },
  (container) =>
    when(
      container.at("securityContext", "readOnlyRootFilesystem").differsFrom(true),
      "may change its own files; securityContext.readOnlyRootFilesystem must be true",
    ),
);

function secretNames(container: Container): readonly string[] {
  const single = container
    .at("env")
    .items()
    .map((variable) => variable.at("valueFrom", "secretKeyRef"));
  const whole = container
    .at("envFrom")
    .items()
    .map((source) => source.at("secretRef"));
  return [...single, ...whole]
    .filter((reference) => reference.isPresent())
    .map((reference) => reference.at("name").text() ?? "of no known name");
}

export const disallowSecretEnvironment = containerRule(
  {
    name: "disallow-secret-environment",
    title: "Secrets reach programs as files, not as variables.",
    severity: "medium",
    level: "advisory",
    frameworks: [cis("5.4.1")],
    remediation: ["Mount the Secret as a volume and give the program the file's path."],
    scopes: ["secrets"],
  },
  (container) =>
    [...new Set(secretNames(container))].map((name) => ({
      message: `has the Secret ${name} in its environment, which child processes and crash reports see; mount it as a file`,
      value: { secrets: [name] },
    })),
);

export const limitDnsConfig = podRule(
  {
    name: "limit-dns-config",
    title: "A pod's DNS settings are ones that resolvers read whole.",
    severity: "low",
    level: "advisory",
    frameworks: [own("pods")],
    remediation: ["Name at most 3 name servers and 32 search domains, and at least one name server with dnsPolicy None."],
  },
  ({ spec }) => {
    const [servers, searches] = [spec.at("dnsConfig", "nameservers"), spec.at("dnsConfig", "searches")];
    const alone = spec.at("dnsPolicy").text() === "None" && servers.items().length === 0 && !servers.isUnknown();
    return [
      ...when(servers.items().length > 3, `dnsConfig has ${servers.items().length} name servers; at most 3 are read`),
      ...when(searches.items().length > 32, `dnsConfig has ${searches.items().length} search domains; at most 32 are read`),
      ...when(alone, "dnsPolicy is None and dnsConfig has no name server; name one"),
    ];
  },
);

export const podSurroundingsRules = [
  disallowProbeHosts,
  disallowHostPaths,
  limitVolumeTypes,
  disallowRuntimeSockets,
  requireReadOnlyRootFilesystem,
  disallowSecretEnvironment,
  limitDnsConfig,
];
