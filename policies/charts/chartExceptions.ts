import { rbacGroup } from "../rbac/accessRules";
import { type ComponentException, stackChoice } from "../componentException";
import type { ChartPart } from "./chartException";
import { certManagerReview } from "./certManagerReview";
import type { ChartReview } from "./chartReview";
import { drivers, sidecars } from "./datashimExceptions";
import { datashimReview } from "./datashimReview";
import { ingressNginxReview } from "./ingressNginxReview";

const binding = (name: string): string => `kubernetes:${rbacGroup}/v1:ClusterRoleBinding ${name}`;

function ofChart({ parent, chart, versions }: ChartReview, reason: string, parts: readonly ChartPart[]): readonly ComponentException[] {
  return parts.map((part) => ({ parent, chart: `${chart} ${versions}`, reason, ...part }));
}

function power(name: string, ...rights: readonly string[]): ChartPart {
  return { rule: "limit-cluster-power", resource: binding(name), allow: { rights } };
}

const readSecrets = "read every Secret";
const changeNodes = "change nodes";
const changeSecrets = "change Secrets";

const certManager = [
  ...ofChart(certManagerReview, "It reads issuers' keys and writes certificates in every namespace.", [
    power("cert-manager-controller-issuers", readSecrets, changeSecrets),
    power("cert-manager-controller-clusterissuers", readSecrets, changeSecrets),
    power("cert-manager-controller-certificates", readSecrets, changeSecrets),
    power("cert-manager-controller-orders", readSecrets),
  ]),
  ...ofChart(certManagerReview, "It answers ACME's HTTP challenges by pods where an Issuer asks for one.", [
    power("cert-manager-controller-challenges", readSecrets, "make pods, and with them act as every ServiceAccount"),
  ]),
  ...ofChart(certManagerReview, "It keeps the CA of webhooks current, cert-manager's own among them.", [
    power(
      "cert-manager-cainjector",
      readSecrets,
      "change every request to the API by a webhook",
      "read every request to the API by a webhook",
    ),
  ]),
];

const controller = "ingress-nginx-internal-controller";

const ingressNginx = [
  ...ofChart(ingressNginxReview, "The chart gives its controller the leaves of all namespaces, though it serves those of one.", [
    power("ingress-nginx-internal", readSecrets),
  ]),
  ...ofChart(ingressNginxReview, "A hook writes the CA of the chart's own webhook into its configuration.", [
    power("ingress-nginx-internal-admission", "read every request to the API by a webhook"),
  ]),
  ...ofChart(ingressNginxReview, "The stack's configuration opens it: ingressNginx.exposure.", [
    {
      rule: "disallow-host-ports",
      resource: `kubernetes:apps/v1:Deployment ${controller}`,
      container: "controller",
      allow: { ports: stackChoice },
    },
    { rule: "disallow-load-balancer-services", resource: `kubernetes:core/v1:Service ${controller}`, allow: { ports: stackChoice } },
    { rule: "disallow-node-port-services", resource: `kubernetes:core/v1:Service ${controller}`, allow: { ports: stackChoice } },
  ]),
];

const datashim = [
  ...ofChart(datashimReview, "It mounts volumes on the nodes for the kubelet.", drivers),
  ...ofChart(datashimReview, "It speaks to the driver of its node by a socket, which SELinux gives privileged containers alone.", sidecars),
  ...ofChart(datashimReview, "It reads the credentials of a Dataset's bucket where the Dataset is, and makes its volume.", [
    power("csi-provisioner-role", readSecrets, "make volumes of nodes' folders"),
    power("csi-s3", readSecrets, changeNodes),
  ]),
  ...ofChart(datashimReview, "Its chart lets it update the node that it runs on, of which RBAC knows no way to name one alone.", [
    power("csi-nodeplugin", changeNodes),
  ]),
];

/** What the charts that the program installs have to have. What is beyond their reviews is stopped by `limit-chart-powers`. */
export const chartExceptions: readonly ComponentException[] = [...certManager, ...ingressNginx, ...datashim];
