import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { restrictedContainerSecurityContext, restrictedPodSecurityContext } from "../platform/workload";
import type { DatasetType } from "./datashimDefinitions";
import {
  datashimLabels,
  type DatashimScope,
  operatorName,
  operatorSelector,
  webhookCertificateName,
  webhookServiceName,
} from "./datashimNames";
import { operatorRights } from "./datashimRights";

/** The image without its version, which is the chart's. */
export const OPERATOR_REPOSITORY = "quay.io/datashim-io/dataset-operator";

export interface OperatorArgs {
  /** The operator's image, with version or digest. @default the one of the chart's version */
  readonly image: string;
  /** The user that it runs as, above 0. @default 65532 */
  readonly runAsUser: number;
}

interface Around {
  readonly types: readonly DatasetType[];
  /** The leaf and the definitions, without which the operator ends at once. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * Datashim's operator and the Service of its webhook, without the init container `generate-keys`: that would put a CA of its own into the
 * leaf's Secret and into the webhook at every start.
 *
 * One pod: it elects no leader.
 * @returns the Deployment and the Service, made once the webhook's port is open
 */
export function datasetOperator(scope: DatashimScope, args: OperatorArgs, { types, dependsOn }: Around): readonly pulumi.Resource[] {
  const { serviceAccount, binding } = operatorRights(scope, types);
  const metadata = { namespace: scope.namespace, labels: datashimLabels(scope) };
  const selector = operatorSelector(scope);
  const deployment = new k8s.apps.v1.Deployment(
    `${scope.name}-operator`,
    {
      metadata: { ...metadata, name: operatorName },
      spec: {
        replicas: 1,
        selector: { matchLabels: selector },
        template: { metadata: { labels: podLabels(scope) }, spec: pod(args, serviceAccount.metadata.name) },
      },
    },
    { ...scope.opts, dependsOn: [...dependsOn, binding] },
  );
  const ports = [{ name: "webhook", port: 443, targetPort: "webhook", protocol: "TCP" }];
  const service = new k8s.core.v1.Service(
    `${scope.name}-service`,
    { metadata: { ...metadata, name: webhookServiceName }, spec: { selector, ports } },
    { ...scope.opts, dependsOn: deployment },
  );
  return [deployment, service];
}

/** With the label that upstream's documents find the pod by. */
function podLabels(scope: DatashimScope): Record<string, string> {
  return { ...datashimLabels(scope), ...operatorSelector(scope), name: operatorName };
}

function pod({ image, runAsUser }: OperatorArgs, serviceAccountName: pulumi.Input<string>): k8s.types.input.core.v1.PodSpec {
  return {
    serviceAccountName,
    enableServiceLinks: false,
    securityContext: restrictedPodSecurityContext(runAsUser),
    containers: [
      {
        name: operatorName,
        image,
        command: ["/manager"],
        // at every lower level it logs the pods that it is asked about, values of their environment included
        args: ["--zap-log-level=error"],
        env: [{ name: "OPERATOR_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } }],
        ports: [
          { name: "webhook", containerPort: 9443, protocol: "TCP" },
          { name: "health", containerPort: 8081, protocol: "TCP" },
        ],
        securityContext: restrictedContainerSecurityContext(),
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
        // its own readiness does not wait for the webhook
        readinessProbe: { tcpSocket: { port: "webhook" }, periodSeconds: 5 },
        livenessProbe: { httpGet: { path: "/healthz", port: "health" }, periodSeconds: 10, initialDelaySeconds: 10 },
        // a renewed leaf is read again; the whole directory, since a file mounted by subPath never follows
        volumeMounts: [{ name: "certificate", mountPath: "/tmp/k8s-webhook-server/serving-certs", readOnly: true }],
      },
    ],
    volumes: [{ name: "certificate", secret: { secretName: webhookCertificateName, defaultMode: 0o440 } }],
  };
}
