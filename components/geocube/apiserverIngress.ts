import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { serverCertificate } from "../platform/certificates";
import { apiserverPort, apiserverServiceName } from "./apiserver";
import type { ApiserverExposure, ExposureArgs } from "./apiserverExposure";
import { geocubeLabels, type GeocubeScope } from "./geocubeScope";

type Ingress = Extract<ApiserverExposure, { readonly type: "ingress" }>;

interface IngressArgs extends ExposureArgs {
  readonly exposure: Ingress;
}

/** Name of the Ingress and of what stands beside it in the controller's namespace. */
export const ingressName = "geocube-apiserver";

/** Where the Ingress is made, and what it leads to there. */
interface Place {
  readonly namespace: pulumi.Input<string>;
  readonly className: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
  readonly httpsPort: number;
}

/**
 * Routes the host to the server; clients see a leaf of the platform's CA for it.
 *
 * ingress-nginx does not verify a gRPC backend, so inside the cluster TLS keeps the way secret and proves nothing.
 * @see https://kubernetes.github.io/ingress-nginx/examples/grpc/
 */
export function apiserverIngress(scope: GeocubeScope, args: IngressArgs, service: k8s.core.v1.Service): pulumi.Output<string> {
  const { exposure, platform } = args;
  const { namespace, className, serviceName, httpsPort } = place(scope, args, service);
  const labels = geocubeLabels(scope, "apiserver");
  const secretName = `${ingressName}-tls`;
  const names = { dnsNames: [exposure.host], ipAddresses: [], duration: exposure.duration };
  const leaf = { ...names, name: secretName, namespace, issuerRef: platform.issuerRef, labels };
  const certificate = serverCertificate(`${scope.name}-ingress-certificate`, leaf, { ...scope.opts, dependsOn: scope.leafSecrets });
  const backend = { service: { name: serviceName, port: { number: apiserverPort } } };
  const ingress = new k8s.networking.v1.Ingress(
    `${scope.name}-ingress`,
    {
      metadata: { name: ingressName, namespace, labels, annotations: annotations(args) },
      spec: {
        ingressClassName: className,
        tls: [{ hosts: [exposure.host], secretName }],
        rules: [{ host: exposure.host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
      },
    },
    { ...scope.opts, dependsOn: [certificate, service] },
  );
  return ingress.id.apply(() => `${exposure.host}:${httpsPort}`);
}

/** The platform's controller reads no namespace but its own, so there a name leads to the server's Service. */
function place(scope: GeocubeScope, { exposure, platform: { ingress } }: IngressArgs, service: k8s.core.v1.Service): Place {
  const { name: own } = service.metadata;
  if (exposure.className !== undefined) {
    return { namespace: scope.namespace, className: exposure.className, serviceName: own, httpsPort: 443 };
  }
  if (ingress === undefined) throw noIngress(scope.name);
  const { namespace, className, httpsPort } = ingress;
  const metadata = { name: ingressName, namespace, labels: geocubeLabels(scope, "apiserver") };
  const externalName = pulumi.interpolate`${apiserverServiceName}.${scope.namespace}.svc.cluster.local`;
  const ports = [{ name: "grpc", port: apiserverPort, protocol: "TCP" }];
  const alias = new k8s.core.v1.Service(
    `${scope.name}-ingress-service`,
    { metadata, spec: { type: "ExternalName", externalName, ports } },
    { ...scope.opts, dependsOn: service },
  );
  return { namespace, className, serviceName: alias.metadata.name, httpsPort };
}

function noIngress(name: string): pulumi.InputPropertiesError {
  const reason = "no className, and the platform has no internal ingress: name a class of the cluster, or choose another exposure";
  return new pulumi.InputPropertiesError({
    message: `invalid ${name}`,
    errors: [{ propertyPath: "exposure.className", reason }],
  });
}

/** A stream of images may be silent for long. */
function annotations({ exposure, allowedSources, tls }: IngressArgs): Record<string, string> {
  const settings = {
    "backend-protocol": tls === undefined ? "GRPC" : "GRPCS",
    "proxy-read-timeout": "3600",
    "proxy-send-timeout": "3600",
    "proxy-body-size": "0",
    "ssl-redirect": "true",
    ...(allowedSources.length === 0 ? {} : { "whitelist-source-range": allowedSources.join(",") }),
  };
  const ours = Object.entries(settings).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]);
  return { ...(Object.fromEntries(ours) as Record<string, string>), ...exposure.annotations };
}
