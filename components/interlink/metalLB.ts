import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type EdgeScope, edgeLabels } from "./edgeScope";
import type { MetalLBPool } from "./exposure";

const apiVersion = "metallb.io/v1beta1";

/**
 * A pool of MetalLB and its layer 2 advertisement; only Services that ask for it get addresses of it.
 * @returns the pool's name
 * @see https://metallb.io/configuration/_advanced_ipaddresspool_configuration/
 */
export function advertisedPool(scope: EdgeScope, { addresses, namespace }: MetalLBPool): pulumi.Output<string> {
  const metadata = { namespace, labels: edgeLabels(scope) };
  const pool = new k8s.apiextensions.CustomResource(
    `${scope.name}-pool`,
    { apiVersion, kind: "IPAddressPool", metadata, spec: { addresses, autoAssign: false } },
    scope.opts,
  );
  const { name } = pool.metadata;
  new k8s.apiextensions.CustomResource(
    `${scope.name}-advertisement`,
    { apiVersion, kind: "L2Advertisement", metadata, spec: { ipAddressPools: [name] } },
    scope.opts,
  );
  return name;
}
