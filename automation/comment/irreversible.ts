import type { StateResource } from "../deployment";
import type { IrreversibleChange, ReportStep } from "./previewReport";
import { DependencyGraph } from "./dependencyGraph";

/** What is lost with an object of these types when it is deleted or replaced. */
const losses: Readonly<Record<string, string>> = {
  "kubernetes:core/v1:PersistentVolumeClaim": "its data is lost, unless the volume's reclaim policy retains it",
  "kubernetes:core/v1:Namespace": "everything in it is deleted with it",
  "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition": "every object of its kind, in every namespace, is deleted with it",
  "kubernetes:storage.k8s.io/v1:StorageClass": "claims that name it cannot be provisioned until it is back",
};

const bindings = /^kubernetes:rbac\.authorization\.k8s\.io\/v1:(?:Cluster)?RoleBinding$/;
const certificates = /^tls:index\/(?:selfSignedCert:SelfSignedCert|locallySignedCert:LocallySignedCert)$/;
const privateKey = "tls:index/privateKey:PrivateKey";
const takingAway = new Set(["delete", "replace", "discard"]);

/** Changes after which the state before cannot be had again, with what is lost. */
export function irreversibleChanges(
  steps: readonly Pick<ReportStep, "op" | "urn" | "type" | "replaceKeys" | "protect" | "retained">[],
  before: readonly StateResource[],
): readonly IrreversibleChange[] {
  const authorities = certificateAuthorities(before);
  return steps.flatMap(({ op, urn, type, replaceKeys, protect, retained }) => {
    if (!takingAway.has(op) || (retained && op !== "replace")) return [];
    const loss = losses[type] ?? authorities.get(urn) ?? roleRefLoss(op, type, replaceKeys);
    return loss === undefined ? [] : [{ op, urn, loss, protect }];
  });
}

function roleRefLoss(op: string, type: string, replaceKeys: readonly string[]): string | undefined {
  if (op !== "replace" || !bindings.test(type) || !replaceKeys.some((key) => /^\.?roleRef\b/.test(key))) return undefined;
  return "its roleRef changes: the subjects are without these rights between the deletion of the old and the creation of the new";
}

/** The certificates that sign others, and the keys that they were made of. */
function certificateAuthorities(before: readonly StateResource[]): ReadonlyMap<string, string> {
  const graph = new DependencyGraph(before);
  const roots = before.filter(({ type, inputs }) => certificates.test(type) && inputs?.isCaCertificate === true);
  const urns = new Set(roots.map(({ urn }) => urn));
  const keys = before.filter(({ urn, type }) => type === privateKey && graph.direct(urn).some((dependant) => urns.has(dependant)));
  return new Map([
    ...roots.map(({ urn }) => [urn, "clients that trust this CA certificate no longer trust what is signed after it"] as const),
    ...keys.map(({ urn }) => [urn, "nothing more can be signed by this CA; its certificate has to be made anew"] as const),
  ]);
}
