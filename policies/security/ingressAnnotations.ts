import { nsa, own } from "../frameworks";
import { isKind } from "../../config/kubernetesType";
import type { ResourceRule } from "../rule";
import { ingressRule } from "./ingressRule";

const nginx = "nginx.ingress.kubernetes.io/";

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

export const ingressAnnotationRules = [
  requireSslRedirect,
  requireUpstreamVerification,
  disallowSnippets,
  disallowInjectedDirectives,
  disallowControllerSnippets,
];
