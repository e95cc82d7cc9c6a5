import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

type Labels = Readonly<Record<string, string>>;

export interface DisruptionBudgetArgs {
  readonly namespace: pulumi.Input<string>;
  readonly labels: Labels;
  /** Labels of the pods. */
  readonly selector: Labels;
}

/**
 * Lets a drained node take one pod at a time of a Deployment that has several. For one pod alone it would let none go.
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export function disruptionBudget(
  name: string,
  { namespace, labels, selector }: DisruptionBudgetArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const spec = { maxUnavailable: 1, selector: { matchLabels: selector } };
  new k8s.policy.v1.PodDisruptionBudget(`${name}-disruption-budget`, { metadata: { namespace, labels }, spec }, opts);
}
