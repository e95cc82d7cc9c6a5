import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { serverCertificate } from "../platform/certificates";
import type { EdgeArgs } from "./edgeArguments";
import { type EdgeScope, edgeLabels, edgeName } from "./edgeScope";

/** The leaf's Certificate and Secret. */
export const edgeCertificateName = `${edgeName}-tls`;

/**
 * The leaf that the edge serves; made once it is issued. Its key stays when it is renewed, because nginx reads key and certificate one after
 * the other and a handshake in between would fail with one of each; who deletes the Secret gets a new key.
 */
export function edgeCertificate(scope: EdgeScope, args: EdgeArgs): pulumi.Resource {
  const { name, namespace, opts } = scope;
  const { ref: issuerRef } = args.issuer;
  const spec = { ...args.certificate, ...names(scope, args), issuerRef, labels: edgeLabels(scope) };
  return serverCertificate(`${name}-certificate`, { ...spec, name: edgeCertificateName, namespace, rotationPolicy: "Never" }, opts);
}

/** The name by which an ingress controller connects to the edge. */
export function edgeServiceName({ namespace }: EdgeScope): pulumi.Output<string> {
  return pulumi.interpolate`${edgeName}.${namespace}.svc`;
}

/** Behind an ingress only its controller sees the leaf; clients see the controller's own. */
function names(scope: EdgeScope, { address, alternativeNames, exposure }: EdgeArgs): CertificateNames {
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
