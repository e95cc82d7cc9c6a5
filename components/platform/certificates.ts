import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

const apiVersion = "cert-manager.io/v1";

/** The engine goes on only when cert-manager says that the object is ready. */
const waitForReady = { "pulumi.com/waitFor": "condition=Ready" };

/** What a Certificate names its issuer by. @see https://cert-manager.io/docs/reference/api-docs/#meta.cert-manager.io/v1.IssuerReference */
export interface IssuerRef {
  readonly group: string;
  readonly kind: string;
  readonly name: pulumi.Input<string>;
}

/** A reference to a ClusterIssuer of cert-manager. */
export function clusterIssuerRef(name: pulumi.Input<string>): IssuerRef {
  return { group: "cert-manager.io", kind: "ClusterIssuer", name };
}

export interface ClusterIssuerArgs {
  readonly name: string;
  /** CA Secret in cert-manager's namespace. */
  readonly secretName: pulumi.Input<string>;
  /** @default none */
  readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** A ClusterIssuer that signs with a CA Secret; made once it is Ready. */
export function clusterIssuer(name: string, args: ClusterIssuerArgs, opts: pulumi.CustomResourceOptions): k8s.apiextensions.CustomResource {
  return new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion,
      kind: "ClusterIssuer",
      metadata: { name: args.name, annotations: { ...waitForReady, ...args.annotations } },
      spec: { ca: { secretName: args.secretName } },
    },
    opts,
  );
}

export interface CertificateArgs {
  /** Name of the Certificate and of the Secret that it fills. */
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly issuerRef: IssuerRef;
  /** Names that clients connect by. One of the two lists has an entry. */
  readonly dnsNames: readonly pulumi.Input<string>[];
  readonly ipAddresses: readonly string[];
  /** Go duration. @see https://pkg.go.dev/time#ParseDuration */
  readonly duration: string;
  /** Go duration before the end at which cert-manager renews. @default a third of the duration */
  readonly renewBefore?: string;
  /** Whether a renewal makes a new key. @default "Always" */
  readonly rotationPolicy?: "Always" | "Never";
  readonly labels: Record<string, string>;
}

/**
 * A server's leaf certificate, renewed by cert-manager; made once it is issued.
 * @see https://cert-manager.io/docs/usage/certificate/
 */
export function serverCertificate(
  name: string,
  args: CertificateArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  const { name: objectName, namespace, labels, rotationPolicy = "Always", ...spec } = args;
  return new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion,
      kind: "Certificate",
      metadata: { name: objectName, namespace, labels, annotations: waitForReady },
      spec: {
        ...spec,
        secretName: objectName,
        usages: ["digital signature", "server auth"],
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy },
      },
    },
    opts,
  );
}
