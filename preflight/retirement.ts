import { GENERATIONS_ANNOTATION, generationOf, trustBundleLabels } from "../components/platform/names";
import type { GeneratedAuthority } from "../components/platform/privateCa";
import type { Problem } from "../config/problem";
import type { ClusterReader, KubernetesObject } from "./clusterReader";

/** More objects than this are counted, not named. */
const NAMED = 20;

/** A leaf as cert-manager keeps it. @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate */
interface Certificate extends KubernetesObject {
  readonly metadata?: KubernetesObject["metadata"] & { readonly generation?: number };
  readonly spec?: { readonly issuerRef?: { readonly name?: string } };
  readonly status?: {
    /** When what is in the Secret expires; absent while nothing is. */
    readonly notAfter?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly observedGeneration?: number }[];
  };
}

/** What still needs a generation that is about to be retired. */
export interface Retirement {
  readonly reader: ClusterReader;
  readonly identifier: string;
  readonly source: GeneratedAuthority;
  /** The generations to be retired now; nothing is read where there are none. */
  readonly retiring: readonly number[];
}

/**
 * Every leaf and every trust bundle that the retirement would break, in all namespaces. Leaves are read of their Certificates, because the
 * right to list Secrets is the right to every key: one that is kept after its Certificate was deleted is not seen.
 */
export async function retirementProblems(retirement: Retirement): Promise<Problem[]> {
  if (retirement.retiring.length === 0) return [];
  const { reader, identifier } = retirement;
  const labelSelector = Object.entries(trustBundleLabels(identifier))
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
  const [certificates, bundles] = await Promise.all([
    reader.listServed("/apis/cert-manager.io/v1/certificates"),
    reader.listMetadata("/api/v1/configmaps", { labelSelector }),
  ]);
  return [...shortened(leafProblems(retirement, certificates ?? [])), ...shortened(bundleProblems(retirement, bundles))];
}

function leafProblems({ identifier, source, retiring }: Retirement, certificates: readonly Certificate[]): Problem[] {
  return certificates.flatMap((certificate) => {
    const { namespace = "", name = "" } = certificate.metadata ?? {};
    const generation = generationOf(identifier, certificate.spec?.issuerRef?.name ?? "");
    const problem = { path: `Certificate ${namespace}/${name}`, allowed: `a leaf of ${living(source)}` };
    if (generation !== undefined && retiring.includes(generation)) {
      const wayOut =
        "first run up, without this retire, on the stack that owns it, or give it another issuerRef; delete it if nobody needs it";
      return [{ ...problem, found: `a leaf of generation ${generation}`, wayOut }];
    }
    if (!mayHoldAnother(certificate)) return [];
    const wayOut = `wait until it is Ready: cmctl renew -n ${namespace} ${name}, then cmctl status certificate -n ${namespace} ${name}`;
    return [{ ...problem, found: "a leaf that may be of an earlier issuer: the Certificate is not Ready as it is now", wayOut }];
  });
}

/** Ready says that the Secret's issuer is the one in the Certificate; until then the leaf before it is in use. */
function mayHoldAnother({ metadata, status }: Certificate): boolean {
  if (status?.notAfter === undefined || Date.parse(status.notAfter) <= Date.now()) return false;
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  return ready?.status !== "True" || (ready.observedGeneration ?? Infinity) < (metadata?.generation ?? 0);
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
