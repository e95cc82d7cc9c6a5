import { GENERATIONS_ANNOTATION, issuerName, trustBundleLabels } from "../components/platform/names";
import type { GeneratedAuthority } from "../components/platform/privateCa";
import type { Problem } from "../config/problem";
import type { ClusterReader, KubernetesObject } from "./clusterReader";

/** More objects than this are counted, not named. */
const NAMED = 20;

/** What still needs a generation that is about to be retired. */
export interface Retirement {
  readonly reader: ClusterReader;
  readonly identifier: string;
  readonly source: GeneratedAuthority;
  /** The generations to be retired now; nothing is read where there are none. */
  readonly retiring: readonly number[];
}

/** Every leaf and every trust bundle that the retirement would break, in all namespaces. */
export async function retirementProblems(retirement: Retirement): Promise<Problem[]> {
  if (retirement.retiring.length === 0) return [];
  const { reader, identifier } = retirement;
  const labelSelector = Object.entries(trustBundleLabels(identifier))
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
  const [secrets, bundles] = await Promise.all([
    reader.listMetadata("/api/v1/secrets", { fieldSelector: "type=kubernetes.io/tls" }),
    reader.listMetadata("/api/v1/configmaps", { labelSelector }),
  ]);
  return [...shortened(leafProblems(retirement, secrets)), ...shortened(bundleProblems(retirement, bundles))];
}

function leafProblems({ identifier, source, retiring }: Retirement, secrets: readonly KubernetesObject[]): Problem[] {
  const retired = new Map(retiring.map((generation) => [issuerName(identifier, generation), generation]));
  return secrets.flatMap(({ metadata }) => {
    const { "cert-manager.io/issuer-name": issuer = "", "cert-manager.io/certificate-name": certificate } = metadata?.annotations ?? {};
    const generation = retired.get(issuer);
    if (generation === undefined) return [];
    const { namespace = "", name = "" } = metadata ?? {};
    const renew = certificate === undefined ? "" : `cmctl renew -n ${namespace} ${certificate}, or `;
    const wayOut = `issue it again before retiring: ${renew}kubectl delete secret -n ${namespace} ${name}`;
    return [
      { path: `Secret ${namespace}/${name}`, found: `a leaf of generation ${generation}`, allowed: `a leaf of ${living(source)}`, wayOut },
    ];
  });
}

function bundleProblems({ source }: Retirement, bundles: readonly KubernetesObject[]): Problem[] {
  return bundles.flatMap(({ metadata }) => {
    const text = metadata?.annotations?.[GENERATIONS_ANNOTATION] ?? "";
    const held = text.split(",").map(Number);
    if (held.some((generation) => generation > source.retire && generation <= source.generation)) return [];
    const path = `ConfigMap ${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
    const found = text === "" ? "a trust bundle that does not say which generations it holds" : `a trust bundle of generation ${text}`;
    const wayOut = "first run up, without this retire, on the stack that owns the bundle; delete it if no stack does";
    return [{ path, found, allowed: `a trust bundle with ${living(source)}`, wayOut }];
  });
}

function living({ generation, retire }: GeneratedAuthority): string {
  return retire + 1 === generation ? `generation ${generation}` : `generation ${retire + 1} or ${generation}`;
}

function shortened(problems: readonly Problem[]): Problem[] {
  const last = problems.at(NAMED);
  if (last === undefined) return [...problems];
  const more = `${last.path} and ${problems.length - NAMED - 1} more`;
  return [...problems.slice(0, NAMED), { ...last, path: more }];
}
