import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GeocubeParts } from "./apiserver";
import { type Attachment, attachedTogether } from "./attachment";
import { costPort } from "./consolidater";
import { geocubePod, partAccount, partMetadata, type PodArgs, podTemplate } from "./geocubePod";
import { consolidaterName, geocubeLabels, geocubeSelector, type GeocubeScope } from "./geocubeScope";
import { serviceAccountAnnotations } from "./googleCredentials";
import { autoscalerQueueFlags, type MeasuredMessaging } from "./messaging";

export interface AutoscalerArgs extends PodArgs {
  /** Go duration between two looks at the backlog. @default "30s" */
  readonly update: string;
  /** Jobs for each worker above which there are to be more; 1 at least. @default 1 */
  readonly ratio: number;
  /** Jobs for each worker below which there are to be fewer; at most `ratio`. @default 1 */
  readonly minRatio: number;
  /** Workers that come or go at once. @default 16 */
  readonly step: number;
  /** @default 199, for whose connections the database's 1,024 do */
  readonly max: number;
  /** @default 0 */
  readonly min: number;
}

/** Upstream's names. */
const accountName = "autoscaler-service-account";
const roleName = "autoscaler-role";
const bindingName = "manage-autoscaled-pods";
const deploymentName = "consolidater-autoscaler";

/** What its code asks of the API server, and nothing else: it makes and deletes pods after the ReplicationController's template. */
const rules = [
  { apiGroups: [""], resources: ["pods"], verbs: ["list", "create", "delete"] },
  { apiGroups: [""], resources: ["replicationcontrollers"], resourceNames: [consolidaterName], verbs: ["get"] },
];

/** What the autoscaler is made with beside its arguments. */
export interface AutoscalerScope {
  readonly parts: Omit<GeocubeParts, "messaging"> & { readonly messaging: MeasuredMessaging };
  readonly attached: readonly Attachment[];
  /** What its workers need: the ReplicationController, and what removes them once it is gone. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Makes as many workers as there are jobs for. One alone, since nobody elects a leader; its errors, RBAC's too, are told only in its log. */
export function autoscaler(scope: GeocubeScope, args: AutoscalerArgs, around: AutoscalerScope): k8s.apps.v1.Deployment {
  const { parts, attached, dependsOn } = around;
  const serviceAccountName = partAccount(scope, "autoscaler", accountName, serviceAccountAnnotations(parts.googleCredentials));
  const rights = binding(scope, serviceAccountName);
  const all = attachedTogether(attached);
  const container = { name: "autoscaler", args: autoscalerFlags(scope, args, parts.messaging) };
  const spec = geocubePod(args, parts, all, container, { serviceAccountName, automountServiceAccountToken: true });
  return new k8s.apps.v1.Deployment(
    `${scope.name}-autoscaler`,
    {
      metadata: partMetadata(scope, "autoscaler", deploymentName),
      spec: {
        replicas: 1,
        strategy: { type: "Recreate" },
        selector: { matchLabels: geocubeSelector(scope, "autoscaler") },
        template: podTemplate(scope, "autoscaler", all, spec),
      },
    },
    { ...scope.opts, dependsOn: [rights, ...dependsOn, ...all.dependsOn] },
  );
}

function binding(scope: GeocubeScope, serviceAccountName: pulumi.Output<string>): pulumi.Resource {
  const { name, namespace, opts } = scope;
  const metadata = { namespace, labels: geocubeLabels(scope, "autoscaler") };
  const role = new k8s.rbac.v1.Role(`${name}-autoscaler-role`, { metadata: { ...metadata, name: roleName }, rules }, opts);
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name };
  const subjects = [{ kind: "ServiceAccount", name: serviceAccountName, namespace }];
  return new k8s.rbac.v1.RoleBinding(
    `${name}-autoscaler-binding`,
    { metadata: { ...metadata, name: bindingName }, roleRef, subjects },
    opts,
  );
}

/** The seed's flags, and those without which it panics. @see https://github.com/airbusgeo/geocube/blob/main/cmd/autoscaler/main.go */
function autoscalerFlags({ namespace }: GeocubeScope, args: AutoscalerArgs, messaging: MeasuredMessaging): pulumi.Input<string>[] {
  return [
    `-update=${args.update}`,
    ...autoscalerQueueFlags(messaging),
    `-rc=${consolidaterName}`,
    pulumi.interpolate`-ns=${namespace}`,
    `-ratio=${args.ratio}`,
    `-minratio=${args.minRatio}`,
    `-step=${args.step}`,
    `-max=${args.max}`,
    `-min=${args.min}`,
    "-pod.cost.path=/termination_cost",
    `-pod.cost.port=${costPort}`,
  ];
}
