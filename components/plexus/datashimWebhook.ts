import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type IssuerRef, serverCertificate } from "../platform/certificates";
import {
  datashimLabels,
  datasetNamespaceLabels,
  type DatashimScope,
  webhookCertificateName,
  webhookConfigurationName,
  webhookServiceName,
} from "./datashimNames";

export interface DatashimWebhook {
  /**
   * What becomes of a pod that asks for a Dataset while the operator does not answer. `Fail` refuses it. `Ignore` starts it without its
   * volume: it reads nothing, and what it writes is lost with it. Pods that ask for none are never held up.
   * @default "Fail"
   */
  readonly failurePolicy: "Fail" | "Ignore";
  /** Seconds that the API server waits for the answer, 1 to 30. @default 10 */
  readonly timeoutSeconds: number;
}

interface LeafArgs {
  readonly issuerRef: IssuerRef;
  /** Go duration. */
  readonly duration: string;
}

/** The leaf that the operator serves to the API server; made once it is issued. */
export function webhookCertificate(scope: DatashimScope, { issuerRef, duration }: LeafArgs): pulumi.Resource {
  const { name, namespace, opts } = scope;
  const dnsNames = [pulumi.interpolate`${webhookServiceName}.${namespace}.svc`];
  const leaf = { issuerRef, duration, dnsNames, ipAddresses: [], labels: datashimLabels(scope) };
  return serverCertificate(`${name}-certificate`, { ...leaf, name: webhookCertificateName, namespace }, opts);
}

interface WebhookArgs extends DatashimWebhook {
  /** Roots that verify the leaf, PEM; not empty. */
  readonly caBundle: pulumi.Input<string>;
  /** What answers. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * The webhook that mounts Datasets into pods: asked only for pods with a label `dataset.…`, of namespaces that are labelled for it, and
 * never for those of Kubernetes itself or of Datashim, which could then not start any more.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export function datasetWebhook(scope: DatashimScope, args: WebhookArgs): k8s.admissionregistration.v1.MutatingWebhookConfiguration {
  const { name, namespace, opts } = scope;
  const exempt = ["kube-system", "kube-public", "kube-node-lease", namespace];
  return new k8s.admissionregistration.v1.MutatingWebhookConfiguration(
    `${name}-webhook`,
    {
      metadata: { name: webhookConfigurationName, labels: datashimLabels(scope) },
      webhooks: [
        {
          name: "mpod.datashim.io",
          admissionReviewVersions: ["v1"],
          clientConfig: {
            service: { name: webhookServiceName, namespace, path: "/mutate-v1-pod", port: 443 },
            caBundle: pulumi.output(args.caBundle).apply(webhookRoots),
          },
          rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"], scope: "Namespaced" }],
          namespaceSelector: {
            matchLabels: datasetNamespaceLabels,
            matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: exempt }],
          },
          matchConditions: [{ name: "asks-for-a-dataset", expression: asksForDataset }],
          failurePolicy: args.failurePolicy,
          timeoutSeconds: args.timeoutSeconds,
          reinvocationPolicy: "IfNeeded",
          sideEffects: "None",
        },
      ],
    },
    { ...opts, dependsOn: [...args.dependsOn] },
  );
}

const asksForDataset = `has(object.metadata.labels) && object.metadata.labels.exists(key, key.startsWith("dataset."))`;

/**
 * The roots as a webhook's configuration holds them.
 * @throws pulumi.RunError where there are none: the API server would then try the public ones
 */
export function webhookRoots(bundle: string): string {
  if (bundle.trim() !== "") return Buffer.from(bundle).toString("base64");
  throw new pulumi.RunError(
    "caBundle is empty, but the API server verifies Datashim's webhook by it, and no public CA signs names that end in .svc: " +
      "use a CA made here or a company's, or give the issuer's roots (trustplane:certificateAuthority.issuer.caBundle)",
  );
}
