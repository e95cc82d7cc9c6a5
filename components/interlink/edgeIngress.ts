import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EdgeArgs } from "./edgeArguments";
import { edgeServiceName } from "./edgeCertificate";
import { type EdgeScope, edgeLabels, edgeName } from "./edgeScope";
import type { InternalIngress } from "./kubernetesApiEdge";

/** The Secret that the controller verifies the edge's leaf with. */
const caSecretName = `${edgeName}-ca`;

/**
 * Routes whatever the controller has no host for to the edge, over TLS that is verified; watches may be silent for an hour.
 *
 * Made once the edge answers; the CA comes first, because the controller denies a path whose Secret it does not find.
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
 */
export function edgeIngress(
  scope: EdgeScope,
  args: EdgeArgs,
  { className }: InternalIngress,
  service: k8s.core.v1.Service,
): k8s.networking.v1.Ingress {
  const { name, namespace, opts } = scope;
  const backend = { service: { name: service.metadata.name, port: { name: "https" } } };
  return new k8s.networking.v1.Ingress(
    `${name}-ingress`,
    {
      metadata: { name: edgeName, namespace, labels: edgeLabels(scope), annotations: annotations(scope, args, caSecret(scope, args)) },
      spec: { ingressClassName: className, rules: [{ http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }] },
    },
    opts,
  );
}

/** Certificates are public, but the controller takes a Secret here. */
function caSecret(scope: EdgeScope, { issuer }: EdgeArgs): k8s.core.v1.Secret {
  const { name, namespace, opts } = scope;
  const bundle = pulumi.output(issuer.bundle).apply((pem) => Buffer.from(pem).toString("base64"));
  const metadata = { name: caSecretName, namespace, labels: edgeLabels(scope) };
  return new k8s.core.v1.Secret(`${name}-ca`, { metadata, data: { "ca.crt": bundle } }, opts);
}

type Annotations = Record<string, pulumi.Input<string>>;

function annotations(scope: EdgeScope, { allowedSources }: EdgeArgs, secret: k8s.core.v1.Secret): Annotations {
  const settings: Annotations = {
    "backend-protocol": "HTTPS",
    "proxy-ssl-secret": pulumi.interpolate`${secret.metadata.namespace}/${secret.metadata.name}`,
    "proxy-ssl-verify": "on",
    // leaf, cross certificate, root
    "proxy-ssl-verify-depth": "3",
    "proxy-ssl-name": edgeServiceName(scope),
    "proxy-ssl-server-name": "on",
    "proxy-ssl-protocols": "TLSv1.2 TLSv1.3",
    "proxy-read-timeout": "3600",
    "proxy-send-timeout": "3600",
    "proxy-body-size": "0",
    "proxy-request-buffering": "off",
    "proxy-buffering": "off",
    // of itself the controller answers clients that come by address over plain HTTP too, and tokens would travel in clear
    "force-ssl-redirect": "true",
    ...(allowedSources.length === 0 ? {} : { "whitelist-source-range": allowedSources.join(",") }),
  };
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]));
}
