import { nsa, own } from "../frameworks";
import { isKind } from "../kubernetesType";
import type { Reading } from "../reading";
import type { Finding, ResourceRule, RuleFacts, StackResource, StackRule } from "../rule";
import { objectNamespace, ofKind } from "../stackObjects";

const group = "networking.k8s.io";
const nginx = "nginx.ingress.kubernetes.io/";

function ingressRule(facts: Omit<RuleFacts, "level">, judge: (spec: Reading, annotations: Reading) => readonly Finding[]): ResourceRule {
  return {
    ...facts,
    level: "mandatory",
    judge: ({ type, props }) => (isKind(type, group, "Ingress") ? judge(props.at("spec"), props.at("metadata", "annotations")) : undefined),
  };
}

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

export const requireSslRedirect = ingressRule(
  {
    name: "require-ssl-redirect",
    title: "nginx sends who comes without TLS to the address with it.",
    severity: "medium",
    frameworks: [own("exposure")],
    remediation: [`Remove ${nginx}ssl-redirect: "false".`, `Without tls in the Ingress, write ${nginx}force-ssl-redirect: "true".`],
  },
  (spec, annotations) => {
    const [plain, forced] = [annotations.at(`${nginx}ssl-redirect`), annotations.at(`${nginx}force-ssl-redirect`)];
    if (plain.text() === "false" && forced.differsFrom("true"))
      return [{ message: `answers without TLS; ${nginx}ssl-redirect must not be "false"` }];
    const bare = spec.at("tls").isAbsent() && forced.differsFrom("true");
    return bare ? [{ message: `has no tls, so nginx does not redirect; write ${nginx}force-ssl-redirect: "true"` }] : [];
  },
);

export const requireUpstreamVerification = ingressRule(
  {
    name: "require-upstream-verification",
    title: "nginx verifies the certificate of an HTTPS backend.",
    severity: "high",
    frameworks: [own("exposure")],
    remediation: [`Write ${nginx}proxy-ssl-verify: "on" and ${nginx}proxy-ssl-secret: NAMESPACE/SECRET with the CA.`],
  },
  (_, annotations) => {
    const protocol = annotations.at(`${nginx}backend-protocol`).text() ?? "";
    if (!["HTTPS", "GRPCS"].includes(protocol.toUpperCase())) return [];
    const [verify, secret] = [annotations.at(`${nginx}proxy-ssl-verify`), annotations.at(`${nginx}proxy-ssl-secret`)];
    const blind = verify.differsFrom("on") || secret.isAbsent();
    return blind
      ? [{ message: `talks ${protocol} to a backend that it does not verify; write proxy-ssl-verify: "on" and proxy-ssl-secret` }]
      : [];
  },
);

export const disallowSnippets = ingressRule(
  {
    name: "disallow-snippets",
    title: "No Ingress writes nginx configuration.",
    severity: "critical",
    frameworks: [nsa("C-0059")],
    remediation: ["Remove the annotation; whoever writes a snippet reads every Secret that the controller reads (CVE-2021-25742)."],
    scopes: ["annotations"],
  },
  (_, annotations) =>
    annotations
      .keys()
      .filter((key) => /-snippets?$/.test(key))
      .map((key) => ({ message: `writes nginx configuration by ${key}; remove it`, value: { annotations: [key] } })),
);

const directives = /\b(alias|root)\s|by_lua|load_module|\/var\/run\/secrets|[{}]\s*$/;

export const disallowInjectedDirectives = ingressRule(
  {
    name: "disallow-injected-directives",
    title: "No value of an Ingress' annotations smuggles directives into nginx.",
    severity: "critical",
    frameworks: [nsa("C-0059")],
    remediation: ["Remove alias, root, lua and paths of /var/run/secrets from the annotation."],
    scopes: ["annotations"],
  },
  (_, annotations) =>
    annotations
      .entries()
      .filter(([key, value]) => key.startsWith(nginx) && directives.test(value.text() ?? ""))
      .map(([key]) => ({ message: `the annotation ${key} holds a directive of nginx; it must not`, value: { annotations: [key] } })),
);

function places(ingress: StackResource): readonly string[] {
  const { props } = ingress;
  const ingressClass = props.at("spec", "ingressClassName").text() ?? "";
  return props
    .at("spec", "rules")
    .items()
    .flatMap((rule) => {
      const host = rule.at("host").text();
      const paths = rule
        .at("http", "paths")
        .items()
        .flatMap((path) => path.at("path").text() ?? "/");
      return host === undefined ? [] : paths.map((path) => `${host}${path} of class ${ingressClass}`);
    });
}

export const disallowDuplicatePaths: StackRule = {
  name: "disallow-duplicate-paths",
  title: "No two Ingresses serve the same host and path.",
  severity: "medium",
  level: "mandatory",
  frameworks: [own("exposure")],
  remediation: ["Give one of them another host or path; which one answers is chance."],
  judgeStack: (resources) => {
    const ingresses = ofKind(resources, group, "Ingress");
    const served = ingresses.map((resource) => ({ resource, places: places(resource) }));
    const again = served.flatMap(({ resource, places: own }, index) => {
      const earlier = served.slice(0, index);
      return own.flatMap((place) => {
        const first = earlier.find((each) => each.places.includes(place));
        return first
          ? [
              {
                resource,
                message: `serves ${place}, as ${first.resource.name} of namespace ${objectNamespace(first.resource) ?? "?"} does`,
              },
            ]
          : [];
      });
    });
    return ingresses.length === 0 ? undefined : again;
  },
};

export const disallowControllerSnippets: ResourceRule = {
  name: "disallow-controller-snippets",
  title: "The ingress controller takes no snippets.",
  severity: "critical",
  level: "mandatory",
  frameworks: [nsa("C-0059")],
  remediation: ["Write controller.allowSnippetAnnotations: false in the chart's values."],
  judge: ({ type, props }) => {
    if (isKind(type, "", "ConfigMap")) {
      const allowed = props.at("data", "allow-snippet-annotations").text() === "true";
      return allowed ? [{ message: "allow-snippet-annotations is true; it must be false" }] : [];
    }
    const chart = props.at("chart").text() ?? "";
    if (!isKind(type, "helm.sh", "Release", "Chart") || !/(^|\/)ingress-nginx(-[\d.]+\.tgz)?$/.test(chart)) return undefined;
    const allowed = props.at("values", "controller", "allowSnippetAnnotations").flag() === true;
    return allowed ? [{ message: "controller.allowSnippetAnnotations is true; it must be false" }] : [];
  },
};

export const ingressRules = [
  requireIngressTls,
  requireIngressHost,
  requireIngressClass,
  disallowIngressDefaultBackend,
  requireSslRedirect,
  requireUpstreamVerification,
  disallowSnippets,
  disallowInjectedDirectives,
  disallowDuplicatePaths,
  disallowControllerSnippets,
];
