import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ImageRegistryArgs } from "./imageRegistry";
import { clientLeaf, registryServiceName } from "./imageRegistryCertificate";
import { registryPort } from "./imageRegistryConfiguration";
import { type RegistryScope, registryLabels, registryName } from "./imageRegistryScope";

/** Where the Ingress lives, and what it leads to. */
interface Place {
  readonly namespace: pulumi.Output<string>;
  readonly className: pulumi.Input<string>;
  readonly service: k8s.core.v1.Service;
}

/**
 * Routes the registry's host to it, over TLS that the controller verifies; what is uploaded may be of any size.
 *
 * The platform's controller reads the Ingresses of its own namespace alone, while the registry's has the data and outlives it, so there the
 * Ingress leads to the registry by an ExternalName.
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
 */
export function registryIngress(scope: RegistryScope, args: ImageRegistryArgs, service: k8s.core.v1.Service): k8s.networking.v1.Ingress {
  const place = placeOf(scope, args, service);
  const { namespace, className } = place;
  const leaf = clientLeaf(scope, args, namespace);
  const backend = { service: { name: place.service.metadata.name, port: { number: registryPort } } };
  return new k8s.networking.v1.Ingress(
    `${scope.name}-ingress`,
    {
      metadata: { name: registryName, namespace, labels: registryLabels(scope), annotations: annotations(scope, args, namespace) },
      spec: {
        ingressClassName: className,
        tls: [{ hosts: [args.host], secretName: leaf.secretName }],
        rules: [{ host: args.host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
      },
    },
    { ...scope.opts, dependsOn: [...leaf.dependsOn] },
  );
}

function placeOf(scope: RegistryScope, { exposure, platform }: ImageRegistryArgs, service: k8s.core.v1.Service): Place {
  const named = exposure.type === "ingress" ? exposure.named : undefined;
  if (named !== undefined || platform.ingress === undefined) {
    return { namespace: scope.namespace, className: named?.className ?? "", service };
  }
  const namespace = pulumi.output(platform.ingress.namespace);
  return { namespace, className: platform.ingress.className, service: externalName(scope, namespace, service) };
}

function externalName(scope: RegistryScope, namespace: pulumi.Output<string>, service: k8s.core.v1.Service): k8s.core.v1.Service {
  return new k8s.core.v1.Service(
    `${scope.name}-external-name`,
    {
      metadata: { name: registryName, namespace, labels: registryLabels(scope) },
      spec: {
        type: "ExternalName",
        externalName: pulumi.interpolate`${registryServiceName(scope)}.cluster.local`,
        ports: [{ name: `https-${registryPort}`, port: registryPort, targetPort: registryPort, protocol: "TCP" }],
      },
    },
    { ...scope.opts, dependsOn: service },
  );
}

type Annotations = Record<string, pulumi.Input<string>>;

function annotations(scope: RegistryScope, args: ImageRegistryArgs, namespace: pulumi.Output<string>): Annotations {
  const { exposure, allowedSources } = args;
  const secret = caSecret(scope, args, namespace);
  const settings: Annotations = {
    "backend-protocol": "HTTPS",
    "proxy-ssl-secret": pulumi.interpolate`${secret.metadata.namespace}/${secret.metadata.name}`,
    "proxy-ssl-verify": "on",
    // leaf, cross certificate, root
    "proxy-ssl-verify-depth": "3",
    "proxy-ssl-name": registryServiceName(scope),
    "proxy-ssl-server-name": "on",
    "proxy-ssl-protocols": "TLSv1.2 TLSv1.3",
    // a layer may be of any size, and takes as long as it takes
    "proxy-body-size": "0",
    "proxy-request-buffering": "off",
    "proxy-buffering": "off",
    "proxy-read-timeout": "900",
    "proxy-send-timeout": "900",
    "force-ssl-redirect": "true",
    ...(allowedSources.length === 0 ? {} : { "whitelist-source-range": allowedSources.join(",") }),
  };
  const ours = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]));
  return { ...ours, ...(exposure.type === "ingress" ? exposure.annotations : {}) };
}

/** Certificates are public, but the controller takes a Secret here. */
function caSecret(scope: RegistryScope, { platform }: ImageRegistryArgs, namespace: pulumi.Output<string>): k8s.core.v1.Secret {
  const bundle = platform.bundle.apply((pem) => Buffer.from(pem).toString("base64"));
  const metadata = { name: `${registryName}-ca`, namespace, labels: registryLabels(scope) };
  return new k8s.core.v1.Secret(`${scope.name}-ca`, { metadata, data: { "ca.crt": bundle } }, scope.opts);
}
