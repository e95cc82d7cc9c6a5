import * as capabilities from "../../policies/security/podCapabilities";
import * as host from "../../policies/security/podHost";
import * as kernel from "../../policies/security/podKernel";
import * as profiles from "../../policies/security/podProfiles";
import * as surroundings from "../../policies/security/podSurroundings";
import * as users from "../../policies/security/podUsers";
import * as volumes from "../../policies/security/podVolumes";
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
    ofPod(host.disallowHostNamespaces, "hostNetwork", true, "hostNetwork is true; it must be false or absent"),
    ofContainer(host.disallowHostPorts, "ports.0.hostPort", 443, "takes the node's port 443; hostPort must be absent"),
    ofContainer(
      host.disallowPrivileged,
      "securityContext.privileged",
      true,
      "runs privileged; securityContext.privileged must be false or absent",
    ),
    ofContainer(
      capabilities.limitCapabilities,
      "securityContext.capabilities.add",
      ["CHOWN", "SYS_ADMIN"],
      "adds the capability SYS_ADMIN, which the level baseline does not allow",
    ),
    ofContainer(
      capabilities.requireDroppedCapabilities,
      "securityContext.capabilities.drop",
      ["CHOWN"],
      "keeps capabilities; securityContext.capabilities.drop must contain ALL",
    ),
    ofContainer(
      kernel.disallowPrivilegeEscalation,
      "securityContext.allowPrivilegeEscalation",
      true,
      "may gain privileges; securityContext.allowPrivilegeEscalation must be false",
    ),
    ofContainer(
      kernel.disallowProcMount,
      "securityContext.procMount",
      "Unmasked",
      "mounts /proc Unmasked; securityContext.procMount must be Default or absent",
    ),
    ofPod(
      kernel.limitSysctls,
      "securityContext.sysctls",
      [{ name: "kernel.msgmax", value: "1" }],
      "sets the kernel parameter kernel.msgmax, which is not a safe one",
    ),
    ofPod(
      users.requireRunAsNonRoot,
      "securityContext.runAsNonRoot",
      false,
      "container web may run as root; securityContext.runAsNonRoot must be true",
    ),
    ofPod(users.disallowRootUser, "securityContext.runAsUser", 0, "the pod runs as user 0; securityContext.runAsUser must be above 0"),
    ofPod(
      profiles.requireSeccompProfile,
      "securityContext.seccompProfile.type",
      "Unconfined",
      "container web has Unconfined seccomp profile; its type must be RuntimeDefault or Localhost",
    ),
    {
      rule: profiles.disallowUnconfinedAppArmor,
      stack,
      change: [`${security}.appArmorProfile`, { type: "Unconfined" }],
      message: "container web has the AppArmor profile Unconfined; its type must be RuntimeDefault or Localhost",
    },
    ofPod(
      profiles.limitSeLinuxOptions,
      "securityContext.seLinuxOptions",
      { type: "spc_t" },
      "the pod has the SELinux type spc_t; allowed are container_t, container_init_t, container_kvm_t, container_engine_t",
    ),
    ofPod(
      users.disallowHostProcess,
      "securityContext.windowsOptions",
      { hostProcess: true },
      "the pod is a HostProcess; windowsOptions.hostProcess must be false or absent",
    ),
    ofPod(users.disallowHostUsers, "hostUsers", true, "hostUsers is true; it must be false or absent"),
    ofContainer(
      surroundings.disallowProbeHosts,
      "livenessProbe.tcpSocket.host",
      "192.0.2.1",
      "lets the kubelet call 192.0.2.1 (livenessProbe.tcpSocket); host must be absent",
    ),
    ofPod(
      volumes.disallowHostPaths,
      "volumes",
      [{ name: "data", hostPath: { path: "/srv" } }],
      "volume data is /srv of the node; hostPath must be absent",
    ),
    ofPod(
      volumes.limitVolumeTypes,
      "volumes",
      [{ name: "data", nfs: { server: "nfs.example.org", path: "/" } }],
      `volume data is of type nfs; allowed are ${volumeTypes}`,
    ),
    ofPod(
      volumes.disallowRuntimeSockets,
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
