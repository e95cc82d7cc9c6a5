import { cis, nsa, own, podSecurity } from "../frameworks";
import { type Container, containerRule, podRule, when } from "../podTemplates";

const handlers = [
  ["livenessProbe", "httpGet"],
  ["livenessProbe", "tcpSocket"],
  ["readinessProbe", "httpGet"],
  ["readinessProbe", "tcpSocket"],
  ["startupProbe", "httpGet"],
  ["startupProbe", "tcpSocket"],
  ["lifecycle", "postStart", "httpGet"],
  ["lifecycle", "postStart", "tcpSocket"],
  ["lifecycle", "preStop", "httpGet"],
  ["lifecycle", "preStop", "tcpSocket"],
];

export const disallowProbeHosts = containerRule(
  {
    name: "disallow-probe-hosts",
    title: "The kubelet probes the pod, and no host that the pod names.",
    severity: "medium",
    level: "mandatory",
    frameworks: [podSecurity("baseline", "hostProbesAndHostLifecycle")],
    remediation: ["Remove host from probes and lifecycle handlers."],
    scopes: ["hosts"],
  },
  (container) =>
    handlers.flatMap((place) => {
      const host = container.at(...place, "host").text() ?? "";
      const message = `lets the kubelet call ${host} (${place.join(".")}); host must be absent`;
      return host === "" ? [] : [{ message, value: { hosts: [host] } }];
    }),
);

export const requireReadOnlyRootFilesystem = containerRule(
  {
    name: "require-read-only-root-filesystem",
    title: "Containers write to volumes only.",
    severity: "low",
    level: "advisory",
    frameworks: [own("pods"), nsa("C-0017")],
    remediation: ["Write securityContext.readOnlyRootFilesystem: true.", "Mount an emptyDir where the program writes."],
  },
  (container) =>
    when(
      container.at("securityContext", "readOnlyRootFilesystem").differsFrom(true),
      "may change its own files; securityContext.readOnlyRootFilesystem must be true",
    ),
);

function secretNames(container: Container): readonly string[] {
  const single = container
    .at("env")
    .items()
    .map((variable) => variable.at("valueFrom", "secretKeyRef"));
  const whole = container
    .at("envFrom")
    .items()
    .map((source) => source.at("secretRef"));
  return [...single, ...whole]
    .filter((reference) => reference.isPresent())
    .map((reference) => reference.at("name").text() ?? "of no known name");
}

export const disallowSecretEnvironment = containerRule(
  {
    name: "disallow-secret-environment",
    title: "Secrets reach programs as files, not as variables.",
    severity: "medium",
    level: "advisory",
    frameworks: [cis("5.4.1")],
    remediation: ["Mount the Secret as a volume and give the program the file's path."],
    scopes: ["secrets"],
  },
  (container) =>
    [...new Set(secretNames(container))].map((name) => ({
      message: `has the Secret ${name} in its environment, which child processes and crash reports see; mount it as a file`,
      value: { secrets: [name] },
    })),
);

export const limitDnsConfig = podRule(
  {
    name: "limit-dns-config",
    title: "A pod's DNS settings are ones that resolvers read whole.",
    severity: "low",
    level: "advisory",
    frameworks: [own("pods")],
    remediation: ["Name at most 3 name servers and 32 search domains, and at least one name server with dnsPolicy None."],
  },
  ({ spec }) => {
    const [servers, searches] = [spec.at("dnsConfig", "nameservers"), spec.at("dnsConfig", "searches")];
    const alone = spec.at("dnsPolicy").text() === "None" && servers.items().length === 0 && !servers.isUnknown();
    return [
      ...when(servers.items().length > 3, `dnsConfig has ${servers.items().length} name servers; at most 3 are read`),
      ...when(searches.items().length > 32, `dnsConfig has ${searches.items().length} search domains; at most 32 are read`),
      ...when(alone, "dnsPolicy is None and dnsConfig has no name server; name one"),
    ];
  },
);

export const podSurroundingsRules = [requireReadOnlyRootFilesystem, disallowSecretEnvironment, limitDnsConfig];
