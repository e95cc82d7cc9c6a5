import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { serverCertificate } from "../platform/certificates";
import type { EdgeArgs } from "./edgeArguments";
import { type EdgeScope, edgeLabels, edgeName } from "./edgeScope";

/** The leaf's Certificate and Secret. */
export const edgeCertificateName = `${edgeName}-tls`;

export interface EdgeCertificate {
  readonly resource: pulumi.Resource;
  /** Of what it is: with other names clients are not to wait until the nodes have exchanged the Secret. */
  readonly names: pulumi.Output<string>;
}

/**
 * The leaf that the edge serves; made once it is issued. Its key stays when it is renewed, because nginx reads key and certificate one after
 * the other and a handshake in between would fail with one of each; who deletes the Secret gets a new key.
 */
export function edgeCertificate(scope: EdgeScope, args: EdgeArgs): EdgeCertificate {
  const { name, namespace, opts } = scope;
  const { ref: issuerRef } = args.issuer;
  const { dnsNames, ipAddresses } = certificateNames(scope, args);
  const spec = { ...args.certificate, dnsNames, ipAddresses, issuerRef, labels: edgeLabels(scope) };
  const all = { ...spec, name: edgeCertificateName, namespace, rotationPolicy: "Never" as const };
  return {
    resource: serverCertificate(`${name}-certificate`, all, opts),
    names: pulumi.all([...dnsNames, ...ipAddresses]).apply((each) => each.join(" ")),
  };
}

/** The name by which an ingress controller connects to the edge. */
export function edgeServiceName({ namespace }: EdgeScope): pulumi.Output<string> {
  return pulumi.interpolate`${edgeName}.${namespace}.svc`;
}

/** Behind an ingress only its controller sees the leaf; clients see the controller's own. */
function certificateNames(scope: EdgeScope, { address, alternativeNames, exposure }: EdgeArgs): CertificateNames {
  if (exposure.type === "ingress") return { dnsNames: [edgeServiceName(scope)], ipAddresses: [] };
  const { dnsNames, ipAddresses } = alternativeNames;
  return isIP(address) === 0
    ? { dnsNames: [...new Set([address, ...dnsNames])], ipAddresses }
    : { dnsNames, ipAddresses: [...new Set([address, ...ipAddresses])] };
}

interface CertificateNames {
  readonly dnsNames: readonly pulumi.Input<string>[];
  readonly ipAddresses: readonly string[];
}
