import * as pulumi from "@pulumi/pulumi";
import { clusterIssuerRef } from "../../components/platform/certificates";
import { Plexus, type PlexusArgs } from "../../components/plexus/plexus";
import type { Tenant } from "../../components/plexus/tenant";
import { type Deployment, deploy, type Outputs } from "../deployment";
import { platformOutputs } from "../platformOutputs";

/** PEM of the platform's roots. */
export const bundle = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";

/** The token that the cluster writes for every ServiceAccount. */
export const token = "tenant's token";

/** A tenant of defaults, whose credential needs nothing of a cluster. */
export const astro: Tenant = {
  name: "astro",
  user: "astro",
  groups: [],
  namespaces: ["astro"],
  credential: { type: "serviceAccount" },
  extraRules: [],
  extraClusterRules: [],
  quota: { "requests.cpu": "64" },
  limits: { default: { memory: "4Gi" }, defaultRequest: { cpu: "500m", memory: "1Gi" }, max: {} },
  exposure: { type: "none" },
  network: { internet: true, destinations: [], dnsPorts: [53] },
  datasets: false,
};

const platform: PlexusArgs["platform"] = {
  identifier: "lab",
  issuerRef: clusterIssuerRef("trustplane-lab-ca-1"),
  bundle: pulumi.output(bundle),
  generations: [1],
};

const settled: PlexusArgs = {
  tenants: [],
  shared: { storageClass: { type: "existing", name: "shared" }, nodes: [] },
  kubernetesApi: { type: "address", server: "https://192.0.2.1:6443", certificateAuthority: bundle },
  clusterCidrs: ["10.96.0.0/16"],
  protect: false,
  platform,
  cluster: { identifier: "lab" },
};

const same = (): Record<string, unknown> => ({});

const outputs: Outputs = {
  ...platformOutputs(bundle),
  "kubernetes:core/v1:Secret": ({ type }) =>
    type === "kubernetes.io/service-account-token" ? { data: { token: Buffer.from(token).toString("base64") } } : {},
  "kubernetes:core/v1:ResourceQuota": same,
  "kubernetes:core/v1:LimitRange": same,
  "kubernetes:core/v1:NodePatch": same,
  "kubernetes:storage.k8s.io/v1:StorageClass": same,
  "kubernetes:rbac.authorization.k8s.io/v1:Role": same,
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": same,
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": same,
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": same,
  "pulumi-nodejs:dynamic/plexus:ClientCertificate": () => ({ certificate: "CERTIFICATE", expiry: "2027-01-01T00:00:00Z" }),
};

/** A Plexus named `plexus`. */
export async function plexus(changes: Partial<PlexusArgs> = {}): Promise<Deployment<Plexus>> {
  return deploy(() => new Plexus("plexus", { ...settled, ...changes }), outputs);
}

/** One with the tenant of defaults, changed. */
export async function tenant(changes: Partial<Tenant> = {}, others: Partial<PlexusArgs> = {}): Promise<Deployment<Plexus>> {
  return plexus({ ...others, tenants: [{ ...astro, ...changes }] });
}

/** A platform of another stack, and what that has of what tenants share. */
export function otherStack(shared?: {
  readonly plexus?: { readonly clusterRole: string; readonly storageClass: string };
}): Partial<PlexusArgs> {
  return { shared: undefined, platform: { ...platform, shared: shared && pulumi.output(shared) } };
}
