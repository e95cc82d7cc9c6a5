import { disallowDuplicatePaths } from "../../policies/security/duplicatePaths";
import * as annotationRules from "../../policies/security/ingressAnnotations";
import * as rules from "../../policies/security/ingresses";
import { type CaseGroup, resource } from "./ruleCase";

const nginx = "nginx.ingress.kubernetes.io/";
const backend = { service: { name: "web", port: { number: 443 } } };

function ingress(name: string, host: string): ReturnType<typeof resource> {
  const annotations = {
    [`${nginx}backend-protocol`]: "HTTPS",
    [`${nginx}proxy-ssl-verify`]: "on",
    [`${nginx}proxy-ssl-secret`]: "lab/ca",
  };
  const spec = {
    ingressClassName: "nginx-internal",
    tls: [{ hosts: [host], secretName: "tls" }],
    rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
  };
  return resource("kubernetes:networking.k8s.io/v1:Ingress", { metadata: { name, namespace: "lab", annotations }, spec });
}

const stack = [ingress("web", "web.example.org")];
const release = resource("kubernetes:helm.sh/v3:Release", {
  name: "it",
  chart: "ingress-nginx",
  values: { controller: { allowSnippetAnnotations: false } },
});

export const ingressCases: CaseGroup = {
  title: "rules of Ingresses",
  cases: [
    {
      rule: rules.requireIngressTls,
      stack,
      change: ["spec.tls.0.hosts", ["other.example.org"]],
      message: "serves web.example.org without TLS; tls.hosts must name it",
    },
    {
      rule: rules.requireIngressHost,
      stack,
      change: ["spec.rules.0.host", "*.example.org"],
      message: "a rule serves *.example.org; host must be one name",
    },
    {
      rule: rules.requireIngressClass,
      stack,
      change: ["spec.ingressClassName", undefined],
      message: "has no class; write ingressClassName",
    },
    {
      rule: rules.disallowIngressDefaultBackend,
      stack,
      change: ["spec.defaultBackend", backend],
      message: "serves every request that no rule names; defaultBackend must be absent",
    },
    {
      rule: annotationRules.requireSslRedirect,
      stack,
      change: [`metadata|annotations|${nginx}ssl-redirect`, "false"],
      message: `answers without TLS; ${nginx}ssl-redirect must not be "false"`,
    },
    {
      rule: annotationRules.requireUpstreamVerification,
      stack,
      change: [`metadata|annotations|${nginx}proxy-ssl-verify`, "off"],
      message: 'talks HTTPS to a backend that it does not verify; write proxy-ssl-verify: "on" and proxy-ssl-secret',
    },
    {
      rule: annotationRules.disallowSnippets,
      stack,
      change: [`metadata|annotations|${nginx}server-snippet`, "return 200;"],
      message: `writes nginx configuration by ${nginx}server-snippet; remove it`,
      unknown: "metadata.annotations",
    },
    {
      rule: annotationRules.disallowInjectedDirectives,
      stack,
      change: [`metadata|annotations|${nginx}rewrite-target`, "/var/run/secrets/$1"],
      message: `the annotation ${nginx}rewrite-target holds a directive of nginx; it must not`,
    },
    {
      rule: disallowDuplicatePaths,
      stack: [ingress("web", "new.example.org"), ingress("other", "web.example.org")],
      change: ["spec.rules.0.host", "web.example.org"],
      message: "serves web.example.org/ of class nginx-internal, as web of namespace lab does",
    },
    {
      rule: annotationRules.disallowControllerSnippets,
      stack: [release],
      change: ["values.controller.allowSnippetAnnotations", true],
      message: "controller.allowSnippetAnnotations is true; it must be false",
    },
  ],
};
