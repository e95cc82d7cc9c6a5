import type { ChartReview } from "./chartReview";

/** ingress-nginx 4.15.1, the last one, and 4.11.0, which makes the same. @see https://github.com/kubernetes/ingress-nginx/tree/helm-chart-4.15.1/charts/ingress-nginx/templates */
export const ingressNginxReview: ChartReview = {
  parent: "trustplane:platform:IngressNginx",
  chart: "ingress-nginx",
  versions: ">=4.11.0 <=4.15.1",
  powers: {
    "ClusterRole ingress-nginx-internal": [
      "list watch core/configmaps",
      "list watch core/endpoints",
      "list watch get core/nodes",
      "list watch core/pods",
      "list watch core/secrets",
      "list watch coordination.k8s.io/leases",
      "get core/namespaces {namespace}",
      "get list watch core/services",
      "get list watch networking.k8s.io/ingresses",
      "create patch core/events",
      "update networking.k8s.io/ingresses/status",
      "get list watch networking.k8s.io/ingressclasses",
      "list watch get discovery.k8s.io/endpointslices",
    ],
    "ClusterRoleBinding ingress-nginx-internal": [
      "bind ClusterRole ingress-nginx-internal",
      "subject ServiceAccount {namespace}/ingress-nginx-internal",
    ],
    "Role ingress-nginx-internal": [
      "get core/namespaces",
      "get list watch core/configmaps",
      "get list watch core/pods",
      "get list watch core/secrets",
      "get list watch core/endpoints",
      "get list watch core/services",
      "get list watch networking.k8s.io/ingresses",
      "update networking.k8s.io/ingresses/status",
      "get list watch networking.k8s.io/ingressclasses",
      "get update coordination.k8s.io/leases ingress-{name}-leader",
      "create coordination.k8s.io/leases",
      "create patch core/events",
      "list watch get discovery.k8s.io/endpointslices",
    ],
    "RoleBinding ingress-nginx-internal": ["bind Role ingress-nginx-internal", "subject ServiceAccount {namespace}/ingress-nginx-internal"],
    "Deployment ingress-nginx-internal-controller": ["run as ingress-nginx-internal", "run container controller"],
    "ValidatingWebhookConfiguration ingress-nginx-internal-admission": [
      "intercept CREATE of networking.k8s.io/ingresses",
      "intercept UPDATE of networking.k8s.io/ingresses",
      "call {namespace}/ingress-nginx-internal-controller-admission",
    ],
    "ServiceAccount ingress-nginx-internal-admission": ["run at pre-install,pre-upgrade,post-install,post-upgrade"],
    "ClusterRole ingress-nginx-internal-admission": [
      "get update admissionregistration.k8s.io/validatingwebhookconfigurations",
      "run at pre-install,pre-upgrade,post-install,post-upgrade",
    ],
    "ClusterRoleBinding ingress-nginx-internal-admission": [
      "bind ClusterRole ingress-nginx-internal-admission",
      "subject ServiceAccount {namespace}/ingress-nginx-internal-admission",
      "run at pre-install,pre-upgrade,post-install,post-upgrade",
    ],
    "Role ingress-nginx-internal-admission": ["get create core/secrets", "run at pre-install,pre-upgrade,post-install,post-upgrade"],
    "RoleBinding ingress-nginx-internal-admission": [
      "bind Role ingress-nginx-internal-admission",
      "subject ServiceAccount {namespace}/ingress-nginx-internal-admission",
      "run at pre-install,pre-upgrade,post-install,post-upgrade",
    ],
    "Job ingress-nginx-internal-admission-create": [
      "run as ingress-nginx-internal-admission",
      "run container create",
      "run at pre-install,pre-upgrade",
    ],
    "Job ingress-nginx-internal-admission-patch": [
      "run as ingress-nginx-internal-admission",
      "run container patch",
      "run at post-install,post-upgrade",
    ],
  },
};
