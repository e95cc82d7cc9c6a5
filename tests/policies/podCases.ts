import * as identity from "../../policies/security/podIdentity";
import * as standards from "../../policies/security/podStandards";
import * as surroundings from "../../policies/security/podSurroundings";
import { deployment, inContainer, inPod } from "./podFixture";
import { type CaseGroup, type RuleCase } from "./ruleCase";

const stack = [deployment()];
const security = `${inContainer}.securityContext`;

/** Under a Deployment's one container. */
function ofContainer(rule: RuleCase["rule"], place: string, value: unknown, message: string, unknown?: string): RuleCase {
  const change = [`${inContainer}.${place}`, value] as const;
  return { rule, stack, change, message: `container web ${message}`, ...(unknown === undefined ? {} : { unknown }) };
}

/** Under a Deployment's pods. */
function ofPod(rule: RuleCase["rule"], place: string, value: unknown, message: string, unknown?: string): RuleCase {
  return {
    rule,
    stack,
    change: [`${inPod}.${place}`, value],
    message,
    ...(unknown === undefined ? {} : { unknown: `${inPod}.${unknown}` }),
  };
}

const volumeTypes = "configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret";

export const podStandardCases: CaseGroup = {
  title: "the Pod Security Standards' rules",
  cases: [
    ofPod(standards.disallowHostNamespaces, "hostNetwork", true, "hostNetwork is true; it must be false or absent"),
    ofContainer(standards.disallowHostPorts, "ports.0.hostPort", 443, "takes the node's port 443; hostPort must be absent"),
    ofContainer(
      standards.disallowPrivileged,
      "securityContext.privileged",
      true,
      "runs privileged; securityContext.privileged must be false or absent",
    ),
    ofContainer(
      standards.limitCapabilities,
      "securityContext.capabilities.add",
      ["CHOWN", "SYS_ADMIN"],
      "adds the capability SYS_ADMIN, which the level baseline does not allow",
    ),
    ofContainer(
      standards.requireDroppedCapabilities,
      "securityContext.capabilities.drop",
      ["CHOWN"],
      "keeps capabilities; securityContext.capabilities.drop must contain ALL",
    ),
    ofContainer(
      standards.disallowPrivilegeEscalation,
      "securityContext.allowPrivilegeEscalation",
      true,
      "may gain privileges; securityContext.allowPrivilegeEscalation must be false",
    ),
    ofContainer(
      standards.disallowProcMount,
      "securityContext.procMount",
      "Unmasked",
      "mounts /proc Unmasked; securityContext.procMount must be Default or absent",
    ),
    ofPod(
      standards.limitSysctls,
      "securityContext.sysctls",
      [{ name: "kernel.msgmax", value: "1" }],
      "sets the kernel parameter kernel.msgmax, which is not a safe one",
    ),
    ofPod(
      identity.requireRunAsNonRoot,
      "securityContext.runAsNonRoot",
      false,
      "container web may run as root; securityContext.runAsNonRoot must be true",
    ),
    ofPod(identity.disallowRootUser, "securityContext.runAsUser", 0, "the pod runs as user 0; securityContext.runAsUser must be above 0"),
    ofPod(
      identity.requireSeccompProfile,
      "securityContext.seccompProfile.type",
      "Unconfined",
      "container web has Unconfined seccomp profile; its type must be RuntimeDefault or Localhost",
    ),
    {
      rule: identity.disallowUnconfinedAppArmor,
      stack,
      change: [`${security}.appArmorProfile`, { type: "Unconfined" }],
      message: "container web has the AppArmor profile Unconfined; its type must be RuntimeDefault or Localhost",
    },
    ofPod(
      identity.limitSeLinuxOptions,
      "securityContext.seLinuxOptions",
      { type: "spc_t" },
      "the pod has the SELinux type spc_t; allowed are container_t, container_init_t, container_kvm_t, container_engine_t",
    ),
    ofPod(
      identity.disallowHostProcess,
      "securityContext.windowsOptions",
      { hostProcess: true },
      "the pod is a HostProcess; windowsOptions.hostProcess must be false or absent",
    ),
    ofPod(identity.disallowHostUsers, "hostUsers", true, "hostUsers is true; it must be false or absent"),
    ofContainer(
      surroundings.disallowProbeHosts,
      "livenessProbe.tcpSocket.host",
      "192.0.2.1",
      "lets the kubelet call 192.0.2.1 (livenessProbe.tcpSocket); host must be absent",
    ),
    ofPod(
      surroundings.disallowHostPaths,
      "volumes",
      [{ name: "data", hostPath: { path: "/srv" } }],
      "volume data is /srv of the node; hostPath must be absent",
    ),
    ofPod(
      surroundings.limitVolumeTypes,
      "volumes",
      [{ name: "data", nfs: { server: "nfs.example.org", path: "/" } }],
      `volume data is of type nfs; allowed are ${volumeTypes}`,
    ),
    ofPod(
      surroundings.disallowRuntimeSockets,
      "volumes",
      [{ name: "docker", hostPath: { path: "/var/run/docker.sock" } }],
      "mounts the container runtime's /var/run/docker.sock; no pod may",
    ),
    ofContainer(
      surroundings.requireReadOnlyRootFilesystem,
      "securityContext.readOnlyRootFilesystem",
      false,
      "may change its own files; securityContext.readOnlyRootFilesystem must be true",
    ),
    ofContainer(
      surroundings.disallowSecretEnvironment,
      "env",
      [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "login", key: "password" } } }],
      "has the Secret login in its environment, which child processes and crash reports see; mount it as a file",
    ),
    ofPod(
      surroundings.limitDnsConfig,
      "dnsConfig",
      { nameservers: ["a", "b", "c", "d"] },
      "dnsConfig has 4 name servers; at most 3 are read",
    ),
  ],
};
