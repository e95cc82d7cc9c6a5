import { cis, nsa, podSecurity } from "../frameworks";
import { containerRule, podRule, when } from "../podTemplates";
import type { Reading } from "../reading";
import type { Finding } from "../rule";

const namespaces = ["hostNetwork", "hostPID", "hostIPC"] as const;

export const disallowHostNamespaces = podRule(
  {
    name: "disallow-host-namespaces",
    title: "Pods have network, process and IPC namespaces of their own.",
    severity: "critical",
    level: "mandatory",
    frameworks: [podSecurity("baseline", "hostNamespaces"), cis("5.2.3"), cis("5.2.4"), cis("5.2.5"), nsa("C-0038"), nsa("C-0041")],
    remediation: ["Remove hostNetwork, hostPID and hostIPC.", "Reach the pods by a Service."],
    scopes: ["fields"],
  },
  ({ spec }) =>
    namespaces
      .filter((field) => spec.at(field).flag() === true)
      .map((field) => ({ message: `${field} is true; it must be false or absent`, value: { fields: [field] } })),
);

export const disallowHostPorts = containerRule(
  {
    name: "disallow-host-ports",
    title: "Containers take no port of their node.",
    severity: "high",
    level: "mandatory",
    frameworks: [podSecurity("baseline", "hostPorts"), cis("5.2.13"), nsa("C-0044")],
    remediation: ["Remove hostPort.", "Publish the port by a Service."],
    scopes: ["ports"],
  },
  (container) =>
    container
      .at("ports")
      .items()
      .map((port) => port.at("hostPort").number() ?? 0)
      .filter((port) => port !== 0)
      .map((port) => ({ message: `takes the node's port ${port}; hostPort must be absent`, value: { ports: [port] } })),
);

export const disallowPrivileged = containerRule(
  {
    name: "disallow-privileged",
    title: "Containers do not run privileged.",
    severity: "critical",
    level: "mandatory",
    frameworks: [podSecurity("baseline", "privileged"), cis("5.2.2"), nsa("C-0057")],
    remediation: ["Remove securityContext.privileged.", "Add the one capability that the program needs instead."],
  },
  (container) =>
    when(
      container.at("securityContext", "privileged").flag() === true,
      "runs privileged; securityContext.privileged must be false or absent",
    ),
);

const baselineCapabilities = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

export const limitCapabilities = containerRule(
  {
    name: "limit-capabilities",
    title: "Containers add no capability beyond those that runtimes give by themselves.",
    severity: "critical",
    level: "mandatory",
    frameworks: [podSecurity("baseline", "capabilities_baseline"), nsa("C-0046")],
    remediation: [`Add only ${baselineCapabilities.join(", ")}, and of these only what the program needs.`],
    scopes: ["capabilities"],
  },
  (container) =>
    container
      .at("securityContext", "capabilities", "add")
      .texts()
      .filter((capability) => !baselineCapabilities.includes(capability))
      .map((capability) => ({
        message: `adds the capability ${capability}, which the level baseline does not allow`,
        value: { capabilities: [capability] },
      })),
);

export const requireDroppedCapabilities = containerRule(
  {
    name: "require-dropped-capabilities",
    title: "Containers drop all capabilities, and add none but NET_BIND_SERVICE.",
    severity: "medium",
    level: "mandatory",
    frameworks: [podSecurity("restricted", "capabilities_restricted"), cis("5.2.8"), cis("5.2.9")],
    remediation: ["Write securityContext.capabilities.drop: [ALL].", "Add NET_BIND_SERVICE where the program listens below port 1024."],
    scopes: ["capabilities"],
  },
  (container) => {
    const capabilities = container.at("securityContext", "capabilities");
    const dropped = capabilities.at("drop");
    const known = !dropped.isUnknown() && !dropped.items().some((item) => item.isUnknown());
    const kept: Finding = {
      message: "keeps capabilities; securityContext.capabilities.drop must contain ALL",
      value: { capabilities: ["ALL"] },
    };
    const added = capabilities
      .at("add")
      .texts()
      .filter((capability) => capability !== "NET_BIND_SERVICE");
    return [
      ...(known && !dropped.texts().includes("ALL") ? [kept] : []),
      ...added.map((capability) => ({
        message: `adds the capability ${capability}; the level restricted allows NET_BIND_SERVICE alone`,
        value: { capabilities: [capability] },
      })),
    ];
  },
);

export const disallowPrivilegeEscalation = containerRule(
  {
    name: "disallow-privilege-escalation",
    title: "No program in a container gets more rights than the one that started it.",
    severity: "high",
    level: "mandatory",
    frameworks: [podSecurity("restricted", "allowPrivilegeEscalation"), cis("5.2.6"), nsa("C-0016")],
    remediation: ["Write securityContext.allowPrivilegeEscalation: false."],
  },
  (container) =>
    when(
      container.at("securityContext", "allowPrivilegeEscalation").differsFrom(false),
      "may gain privileges; securityContext.allowPrivilegeEscalation must be false",
    ),
);

export const disallowProcMount = containerRule(
  {
    name: "disallow-unmasked-proc",
    title: "Containers see /proc with the runtime's masks.",
    severity: "high",
    level: "mandatory",
    frameworks: [podSecurity("baseline", "procMount")],
    remediation: ["Remove securityContext.procMount."],
  },
  (container, { spec }) => {
    const mount = container.at("securityContext", "procMount");
    const bare = mount.isPresent() && mount.differsFrom("Default") && spec.at("hostUsers").differsFrom(false);
    return when(bare, `mounts /proc ${mount.text() ?? "otherwise"}; securityContext.procMount must be Default or absent`);
  },
);

const safeSysctls = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
];

export const limitSysctls = podRule(
  {
    name: "limit-sysctls",
    title: "Pods set only kernel parameters that are theirs alone.",
    severity: "high",
    level: "mandatory",
    frameworks: [podSecurity("baseline", "sysctls")],
    remediation: [`Set none but ${safeSysctls.join(", ")}.`],
    scopes: ["sysctls"],
  },
  ({ spec }) =>
    names(spec.at("securityContext", "sysctls"))
      .filter((name) => !safeSysctls.includes(name))
      .map((name) => ({ message: `sets the kernel parameter ${name}, which is not a safe one`, value: { sysctls: [name] } })),
);

function names(list: Reading): readonly string[] {
  return list.items().flatMap((item) => item.at("name").text() ?? []);
}

export const podStandardRules = [
  disallowHostNamespaces,
  disallowHostPorts,
  disallowPrivileged,
  limitCapabilities,
  requireDroppedCapabilities,
  disallowPrivilegeEscalation,
  disallowProcMount,
  limitSysctls,
];
