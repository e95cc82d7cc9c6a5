import { cis, nsa, podSecurity } from "../frameworks";
import { containerRule, podRule, when } from "../podTemplates";
import type { Reading } from "../reading";

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

export const podKernelRules = [disallowPrivilegeEscalation, disallowProcMount, limitSysctls];
