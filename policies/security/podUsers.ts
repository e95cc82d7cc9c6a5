import { cis, nsa, own, podSecurity } from "../frameworks";
import { containerRule, podRule, type PodTemplate, when } from "../podTemplates";
import type { Reading } from "../reading";
import type { Finding } from "../rule";

/** A pod in a user namespace of its own has no real root; the standards let it be since v1.35. */
function ownUsers({ spec }: PodTemplate): boolean {
  return spec.at("hostUsers").flag() === false;
}

export const requireRunAsNonRoot = containerRule(
  {
    name: "require-run-as-non-root",
    title: "The kubelet refuses to start a container as root.",
    severity: "high",
    level: "mandatory",
    frameworks: [podSecurity("restricted", "runAsNonRoot"), cis("5.2.7"), nsa("C-0013")],
    remediation: ["Write securityContext.runAsNonRoot: true.", "Name a numeric runAsUser that the image works with."],
  },
  (container, pod) => {
    const setting = container.at("securityContext", "runAsNonRoot").or(pod.spec.at("securityContext", "runAsNonRoot"));
    return when(!ownUsers(pod) && setting.differsFrom(true), "may run as root; securityContext.runAsNonRoot must be true");
  },
);

export const disallowRootUser = podRule(
  {
    name: "disallow-root-user",
    title: "No container asks for user 0.",
    severity: "high",
    level: "mandatory",
    frameworks: [podSecurity("restricted", "runAsUser"), cis("5.2.7"), nsa("C-0013")],
    remediation: ["Name a numeric runAsUser above 0 that the image works with."],
  },
  (pod) => {
    if (ownUsers(pod)) return [];
    const root = (holder: Pick<Reading, "at">): boolean => holder.at("securityContext", "runAsUser").number() === 0;
    const containers = pod.containers.filter(root).map(({ name }) => asRoot(`container ${name}`, name));
    return root(pod.spec) ? [asRoot("the pod"), ...containers] : containers;
  },
);

function asRoot(who: string, container?: string): Finding {
  const message = `${who} runs as user 0; securityContext.runAsUser must be above 0`;
  return { message, ...(container === undefined ? {} : { container }) };
}

export const disallowHostProcess = podRule(
  {
    name: "disallow-host-process",
    title: "No Windows container runs as a process of its host.",
    severity: "critical",
    level: "mandatory",
    frameworks: [podSecurity("baseline", "windowsHostProcess")],
    remediation: ["Remove windowsOptions.hostProcess."],
  },
  ({ spec, containers }) => {
    const holders = [{ who: "the pod", at: spec.at.bind(spec) }, ...containers.map(({ name, at }) => ({ who: `container ${name}`, at }))];
    return holders
      .filter(({ at }) => at("securityContext", "windowsOptions", "hostProcess").flag() === true)
      .map(({ who }) => ({ message: `${who} is a HostProcess; windowsOptions.hostProcess must be false or absent` }));
  },
);

export const disallowHostUsers = podRule(
  {
    name: "disallow-host-users",
    title: "No pod asks for the node's users.",
    severity: "low",
    level: "advisory",
    frameworks: [own("pods")],
    remediation: ["Remove hostUsers: true; write false where the nodes support user namespaces."],
  },
  ({ spec }) => when(spec.at("hostUsers").flag() === true, "hostUsers is true; it must be false or absent"),
);

export const podUserRules = [requireRunAsNonRoot, disallowRootUser];

export const hostUserRules = [disallowHostProcess, disallowHostUsers];
