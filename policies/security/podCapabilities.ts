import { cis, nsa, podSecurity } from "../frameworks";
import { containerRule } from "../podTemplates";
import type { Finding } from "../rule";

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

export const podCapabilityRules = [limitCapabilities, requireDroppedCapabilities];
