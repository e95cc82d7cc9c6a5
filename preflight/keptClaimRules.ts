import { foundText } from "../config/describeIssue";
import type { Problem } from "../config/problem";
import { amountOf } from "../config/quantity";
import type { StackConfig } from "../config/readConfig";
import type { ClusterFacts, StorageClassFact } from "./clusterFacts";
import { type ClaimFact, type KeptClaim, keptClaims } from "./keptClaimFacts";
import { isOursAndKept } from "./labelManagers";

/** Why a claim that is there already cannot be what the configuration asks for. */
export function keptClaimProblems(config: StackConfig, facts: Pick<ClusterFacts, "keptClaims" | "storageClasses">): Problem[] {
  return keptClaims(config).flatMap((wanted) =>
    facts.keptClaims
      .filter(({ id }) => id === `${wanted.namespace}/${wanted.claimName}`)
      .flatMap((claim) => claimProblems(wanted, claim, facts.storageClasses)),
  );
}

/** The API server may write the same amount in another unit, which the arithmetic does not always hit. */
function isLess(size: string, than: string): boolean {
  return amountOf(size) < amountOf(than) * (1 - 1e-9);
}

interface Difference {
  readonly key: "accessMode" | "storageClass" | "size";
  readonly has: string;
  readonly differs: boolean;
}

function differences(wanted: KeptClaim, claim: ClaimFact, classes: readonly StorageClassFact[]): Difference[] {
  const grows = isLess(claim.size, wanted.size);
  const { storageClass, sizeManagers } = claim;
  const foreign = grows && sizeManagers.length > 0 && !isOursAndKept(sizeManagers);
  const expandable = classes.some(({ name, expandable }) => name === storageClass && expandable);
  return [
    { key: "accessMode", has: claim.accessModes.join(", "), differs: claim.accessModes.join() !== wanted.accessMode },
    { key: "storageClass", has: storageClass, differs: wanted.storageClass !== undefined && wanted.storageClass !== storageClass },
    { key: "size", has: claim.size, differs: isLess(wanted.size, claim.size) },
    { key: "size", has: `${claim.size}, set by ${sizeManagers.join(", ")}`, differs: foreign },
    {
      key: "size",
      has: `${claim.size}, and its StorageClass does not set allowVolumeExpansion`,
      differs: grows && !foreign && !expandable,
    },
  ];
}

/** A claim's mode and class cannot be changed, and its size can only grow, if its class lets it and nobody else has set it. */
function claimProblems(wanted: KeptClaim, claim: ClaimFact, classes: readonly StorageClassFact[]): Problem[] {
  const { section, namespace, claimName } = wanted;
  const wayOut = `write what the claim has, or name another claim or namespace; if its data is not needed: kubectl delete pvc -n ${namespace} ${claimName}`;
  const allowed = `what the claim ${claim.id} has, which is on the cluster already and keeps its data`;
  return differences(wanted, claim, classes)
    .filter(({ differs }) => differs)
    .map(({ key, has }) => ({ path: `${section}.${key}`, found: foundText(wanted[key]), allowed: `${allowed}: ${has}`, wayOut }));
}
