import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { clusterIssuer } from "./certificates";
import { type Generation, NOT_AFTER_ANNOTATION, certificateAuthorityLabels, issuerName } from "./names";

interface IssuerArgs {
  readonly identifier: string;
  readonly generation: Generation;
  readonly namespace: pulumi.Input<string>;
  /** What the issuer signs with, PEM: the certificate, then those that lead to a root. */
  readonly chain: pulumi.Input<string>;
  readonly privateKey: pulumi.Input<string>;
  /** When a root that is made here expires, RFC 3339. */
  readonly notAfter?: pulumi.Input<string>;
}

/**
 * The CA Secret and the ClusterIssuer of type `ca` that signs with it; both carry the name that leaves refer to.
 *
 * The Secret has no `ca.crt`: cert-manager appends that to the chain, and beside a cross certificate the root that it stands
 * for makes two ways up, on which cert-manager fails or not by the order of the certificates' bytes.
 * @returns the ClusterIssuer's name, once it is Ready
 * @see https://cert-manager.io/docs/configuration/ca/
 */
export function certificateAuthorityIssuer(name: string, args: IssuerArgs, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const objectName = issuerName(args.identifier, args.generation);
  const annotations: Record<string, pulumi.Input<string>> = args.notAfter === undefined ? {} : { [NOT_AFTER_ANNOTATION]: args.notAfter };
  const secret = new k8s.core.v1.Secret(
    `${name}-secret`,
    {
      metadata: {
        name: objectName,
        namespace: args.namespace,
        labels: certificateAuthorityLabels(args.identifier, args.generation),
        annotations,
      },
      type: "kubernetes.io/tls",
      data: { "tls.crt": base64(args.chain), "tls.key": base64(args.privateKey) },
    },
    opts,
  );
  return clusterIssuer(`${name}-issuer`, { name: objectName, secretName: secret.metadata.name, annotations }, opts).metadata.name;
}

/** `data`, not `stringData`: only then does a refresh see that somebody changed the Secret. */
function base64(text: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(text).apply((value) => Buffer.from(value).toString("base64"));
}
