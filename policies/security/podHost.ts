import { cis, nsa, podSecurity } from "../frameworks";
import { containerRule, podRule, when } from "../podTemplates";

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

export const podHostRules = [disallowHostNamespaces, disallowHostPorts, disallowPrivileged];
