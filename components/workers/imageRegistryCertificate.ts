import * as pulumi from "@pulumi/pulumi";
import { clusterIssuerRef, type IssuerRef, serverCertificate } from "../platform/certificates";
import type { ImageRegistryArgs } from "./imageRegistry";
import { type RegistryScope, registryLabels, registryName } from "./imageRegistryScope";

/** The leaf that clients of the registry see. */
export type RegistryCertificate =
  | {
      readonly type: "issued";
      /** Go duration. @default "2160h" */
      readonly duration: string;
      /** Go duration before the end at which cert-manager renews. @default a third of the duration */
      readonly renewBefore?: string;
      /** A ClusterIssuer that the cluster has (ACME, Vault). @default the platform's CA */
      readonly issuer?: string;
    }
  | {
      readonly type: "secret";
      /** A Secret with `tls.crt` and `tls.key`, where the leaf is served: in the registry's namespace, or its Ingress'. */
      readonly name: string;
    };

/** A leaf where it is mounted, or where an ingress controller reads it. */
export interface Leaf {
  readonly secretName: string;
  /** Whose it is: with another one clients are not to wait until the node has exchanged the Secret. */
  readonly terms: pulumi.Output<string>;
  /** What makes it; none for a given Secret. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** The name by which an ingress controller connects to the registry. */
export function registryServiceName({ namespace }: Pick<RegistryScope, "namespace">): pulumi.Output<string> {
  return pulumi.interpolate`${registryName}.${namespace}.svc`;
}

/** The leaf that the pod serves: behind an ingress for its controller, which verifies it, else for clients. */
export function podLeaf(scope: RegistryScope, args: ImageRegistryArgs): Leaf {
  if (args.exposure.type !== "ingress") return clientLeaf(scope, args, scope.namespace);
  const duration = args.certificate.type === "issued" ? args.certificate.duration : "2160h";
  return issued(scope, `${scope.name}-certificate`, {
    name: `${registryName}-tls`,
    namespace: scope.namespace,
    dnsNames: [registryServiceName(scope)],
    issuerRef: args.platform.issuerRef,
    duration,
  });
}

/** The leaf that clients see, in the namespace of whatever serves it. */
export function clientLeaf(scope: RegistryScope, args: ImageRegistryArgs, namespace: pulumi.Output<string>): Leaf {
  const { certificate, host, platform } = args;
  if (certificate.type === "secret") return { secretName: certificate.name, terms: pulumi.output(certificate.name), dependsOn: [] };
  const { duration, renewBefore, issuer } = certificate;
  const issuerRef = issuer === undefined ? platform.issuerRef : clusterIssuerRef(issuer);
  const names = { name: `${registryName}-host-tls`, namespace, dnsNames: [host] };
  return issued(scope, `${scope.name}-host-certificate`, { ...names, issuerRef, duration, renewBefore });
}

interface Issued {
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  readonly dnsNames: readonly pulumi.Input<string>[];
  readonly issuerRef: IssuerRef;
  readonly duration: string;
  readonly renewBefore?: string;
}

function issued(scope: RegistryScope, name: string, args: Issued): Leaf {
  // its key stays when it is renewed, because nginx reads key and certificate one after the other
  const spec = { ...args, ipAddresses: [], labels: registryLabels(scope), rotationPolicy: "Never" as const };
  const certificate = serverCertificate(name, spec, scope.opts);
  return { secretName: args.name, terms: pulumi.output(args.dnsNames).apply(String), dependsOn: [certificate] };
}
