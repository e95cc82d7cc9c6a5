import { cis, nsa, podSecurity } from "../frameworks";
import { containerRule, podRule, when } from "../podTemplates";
import type { Reading } from "../reading";
import type { Finding } from "../rule";

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

export const podProfileRules = [requireSeccompProfile, disallowUnconfinedAppArmor, limitSeLinuxOptions];
