import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { releaseType } from "../config/kubernetesType";
import { chartOf, helmTemplate } from "../policies/helmTemplate";
import type { ManifestObject } from "../policies/manifests";
import { logicalName } from "../policies/urn";
import type { LostDefinitions, OperationRecord } from "./operationRecord";
import type { Session } from "./session";
import type { OpenStack } from "./workspace";

const losing = new Set(["delete", "replace", "update"]);

type Inputs = NonNullable<StepEventMetadata["new"]>["inputs"];

/**
 * The CustomResourceDefinitions that helm deletes when a preview's Releases go or change: those in a chart's templates that do not say
 * `helm.sh/resource-policy: keep`. Those of its folder `crds` helm never deletes.
 * @see https://helm.sh/docs/chart_best_practices/custom_resource_definitions/
 */
export async function lostDefinitions({ root }: Session, open: OpenStack, record: OperationRecord): Promise<LostDefinitions> {
  const helm = open.stack.workspace.envVars.TRUSTPLANE_HELM;
  const steps = record.previewed.filter(({ op, type }) => type === releaseType && losing.has(op));
  const found = steps.map(async (step) => [step.urn, await lostBy(step, helm, root).catch(() => undefined)] as const);
  return new Map(await Promise.all(found));
}

async function lostBy({ op, urn, old, new: next }: StepEventMetadata, helm: string | undefined, root: string): Promise<readonly string[]> {
  if (helm === undefined) throw new Error("there is no helm");
  const definitions = (inputs: Inputs | undefined): Promise<readonly ManifestObject[]> =>
    definitionsOf(helm, logicalName(urn), inputs, root);
  const before = (await definitions(old?.inputs)).filter(({ metadata }) => metadata.annotations?.["helm.sh/resource-policy"] !== "keep");
  if (before.length === 0) return [];
  const left = op === "update" ? new Set((await definitions(next?.inputs)).map(nameOf)) : new Set();
  return before.map(nameOf).filter((name) => !left.has(name));
}

async function definitionsOf(helm: string, name: string, inputs: Inputs | undefined, root: string): Promise<readonly ManifestObject[]> {
  const objects = await helmTemplate(helm, { ...chartOf(name, inputs ?? {}), skipCrds: true }, root);
  return objects.filter(({ kind }) => kind === "CustomResourceDefinition");
}

function nameOf({ metadata }: ManifestObject): string {
  return metadata.name ?? "";
}
