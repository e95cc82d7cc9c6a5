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

const profiles = ["RuntimeDefault", "Localhost"];

export const requireSeccompProfile = containerRule(
  {
    name: "require-seccomp-profile",
    title: "A seccomp profile limits the system calls of each container.",
    severity: "medium",
    level: "mandatory",
    frameworks: [
      podSecurity("baseline", "seccompProfile_baseline"),
      podSecurity("restricted", "seccompProfile_restricted"),
      cis("5.7.2"),
      nsa("C-0055"),
    ],
    remediation: ["Write securityContext.seccompProfile: {type: RuntimeDefault} for the pod."],
  },
  (container, { spec }) => {
    const type = container.at("securityContext", "seccompProfile", "type").or(spec.at("securityContext", "seccompProfile", "type"));
    const bare = type.differsFrom("RuntimeDefault") && type.differsFrom("Localhost");
    return when(bare, `has ${type.text() ?? "no"} seccomp profile; its type must be ${profiles.join(" or ")}`);
  },
);

const appArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";

export const disallowUnconfinedAppArmor = podRule(
  {
    name: "disallow-unconfined-apparmor",
    title: "No container leaves the runtime's AppArmor profile.",
    severity: "high",
    level: "mandatory",
    frameworks: [podSecurity("baseline", "appArmorProfile")],
    remediation: [
      "Remove appArmorProfile, or write its type RuntimeDefault or Localhost.",
      "Remove the annotation that came before the field.",
    ],
  },
  ({ spec, metadata, containers }) => [
    ...unconfined("the pod", spec.at("securityContext", "appArmorProfile", "type")),
    ...containers.flatMap(({ name, at }) =>
      unconfined(`container ${name}`, at("securityContext", "appArmorProfile", "type")).map((finding) => ({ ...finding, container: name })),
    ),
    ...metadata
      .at("annotations")
      .entries()
      .filter(([key]) => key.startsWith(appArmorAnnotation))
      .flatMap(([key, value]) => annotated(key, value.text())),
  ],
);

function unconfined(who: string, type: Reading): readonly Finding[] {
  const profile = type.text();
  const allowed = profile === undefined || profiles.includes(profile);
  return when(!allowed, `${who} has the AppArmor profile ${profile ?? ""}; its type must be ${profiles.join(" or ")}`);
}

function annotated(key: string, profile: string | undefined): readonly Finding[] {
  const allowed = profile === undefined || ["", "runtime/default"].includes(profile) || profile.startsWith("localhost/");
  const message = `the annotation ${key} is ${profile ?? ""}; it must be runtime/default or begin with localhost/`;
  return when(!allowed, message);
}

const seLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

export const limitSeLinuxOptions = podRule(
  {
    name: "limit-selinux-options",
    title: "SELinux labels stay those of containers.",
    severity: "high",
    level: "mandatory",
    frameworks: [podSecurity("baseline", "seLinuxOptions")],
    remediation: ["Remove seLinuxOptions' user and role.", `Write a type of ${seLinuxTypes.slice(1).join(", ")}, or none.`],
  },
  ({ spec, containers }) => [
    ...labelled("the pod", spec.at("securityContext", "seLinuxOptions")),
    ...containers.flatMap(({ name, at }) =>
      labelled(`container ${name}`, at("securityContext", "seLinuxOptions")).map((finding) => ({ ...finding, container: name })),
    ),
  ],
);

function labelled(who: string, options: Reading): readonly Finding[] {
  const set = (["user", "role"] as const).filter((key) => (options.at(key).text() ?? "") !== "");
  const type = options.at("type").text() ?? "";
  const own = set.map((key) => ({ message: `${who} sets seLinuxOptions.${key}; it must be absent` }));
  const allowed = seLinuxTypes.slice(1).join(", ");
  return [...own, ...when(!seLinuxTypes.includes(type), `${who} has the SELinux type ${type}; allowed are ${allowed}`)];
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

export const podIdentityRules = [
  requireRunAsNonRoot,
  disallowRootUser,
  requireSeccompProfile,
  disallowUnconfinedAppArmor,
  limitSeLinuxOptions,
  disallowHostProcess,
  disallowHostUsers,
];
