import { nsa, own } from "../frameworks";
import { ingressRule } from "./ingressRule";

/** Whether a certificate of this name serves the host; `*.example.org` serves one label more. */
function serves(name: string, host: string): boolean {
  return name === host || (name.startsWith("*.") && host.split(".").slice(1).join(".") === name.slice(2));
}

export const requireIngressTls = ingressRule(
  {
    name: "require-ingress-tls",
    title: "Each host of an Ingress is served with TLS.",
    severity: "high",
    frameworks: [nsa("C-0263"), own("exposure")],
    remediation: ["Add the host to tls.hosts, with the Secret of its certificate."],
    scopes: ["hosts"],
  },
  (spec) => {
    const entries = spec
      .at("tls")
      .items()
      .flatMap((entry) => [entry.at("hosts"), ...entry.at("hosts").items()]);
    if (spec.at("tls").isUnknown() || entries.some((entry) => entry.isUnknown())) return [];
    const names = entries.flatMap((entry) => entry.text() ?? []);
    const hosts = spec
      .at("rules")
      .items()
      .flatMap((rule) => rule.at("host").text() ?? []);
    return hosts
      .filter((host) => !names.some((name) => serves(name, host)))
      .map((host) => ({ message: `serves ${host} without TLS; tls.hosts must name it`, value: { hosts: [host] } }));
  },
);

export const requireIngressHost = ingressRule(
  {
    name: "require-ingress-host",
    title: "Each rule of an Ingress names one host.",
    severity: "medium",
    frameworks: [own("exposure")],
    remediation: ["Write the host; without one, or with *, the rule takes requests that are meant for others."],
    scopes: ["hosts"],
  },
  (spec) =>
    spec
      .at("rules")
      .items()
      .flatMap((rule) => {
        const host = rule.at("host");
        const name = host.text() ?? "";
        if (host.isUnknown() || (name !== "" && !name.startsWith("*"))) return [];
        return [{ message: `a rule serves ${name === "" ? "every host" : name}; host must be one name`, value: { hosts: [name] } }];
      }),
);

export const requireIngressClass = ingressRule(
  {
    name: "require-ingress-class",
    title: "An Ingress names its class.",
    severity: "medium",
    frameworks: [own("exposure")],
    remediation: ["Write ingressClassName; without one, any controller, or none, serves it."],
  },
  (spec, annotations) => {
    const bare = spec.at("ingressClassName").isAbsent() && annotations.at("kubernetes.io/ingress.class").isAbsent();
    return bare ? [{ message: "has no class; write ingressClassName" }] : [];
  },
);

export const disallowIngressDefaultBackend = ingressRule(
  {
    name: "disallow-ingress-default-backend",
    title: "An Ingress serves only what its rules name.",
    severity: "medium",
    frameworks: [own("exposure")],
    remediation: ["Remove defaultBackend; write a rule with host and path."],
  },
  (spec) =>
    spec.at("defaultBackend").isPresent() ? [{ message: "serves every request that no rule names; defaultBackend must be absent" }] : [],
);

export const ingressRules = [requireIngressTls, requireIngressHost, requireIngressClass, disallowIngressDefaultBackend];
