import { clusterIssuerRef } from "../../components/platform/certificates";
import { Datashim, type DatashimArgs } from "../../components/plexus/datashim";
import { type Deployment, deploy } from "../deployment";
import { platformOutputs } from "../platformOutputs";

/** PEM of the platform's roots. */
export const bundle = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";

/** As the configuration's defaults make it. */
export const settled: DatashimArgs = {
  install: true,
  namespace: "dlf",
  types: ["COS"],
  kubeletPath: "/var/lib/kubelet",
  tolerations: [{ operator: "Exists", effect: "NoSchedule" }],
  values: {},
  operator: { image: "quay.io/datashim-io/dataset-operator:0.4.0", runAsUser: 65_532 },
  webhook: { failurePolicy: "Fail", timeoutSeconds: 10 },
  certificate: { duration: "2160h" },
  issuerRef: clusterIssuerRef("trustplane-lab-ca-1"),
  caBundle: bundle,
};

const same = (): Record<string, unknown> => ({});

const outputs = {
  ...platformOutputs(""),
  "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition": same,
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": same,
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": same,
  "kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration": same,
};

/** A Datashim named `datashim`, as the configuration's defaults make it. */
export async function datashim(changes: Partial<DatashimArgs> = {}): Promise<Deployment<Datashim>> {
  return deploy(() => new Datashim("datashim", { ...settled, ...changes }), outputs);
}
