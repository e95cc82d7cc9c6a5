import type { Deployment, StateResource } from "./deployment";
import type { LostDefinitions, ResourceStep } from "./operationRecord";

/** What goes with an object of these kinds, and comes back with no other. */
const kinds: Readonly<Record<string, string>> = {
  PersistentVolumeClaim: "the data on its volume go with it",
  Namespace: "everything in it goes with it",
  CustomResourceDefinition: "every object of its kind goes with it",
  StorageClass: "claims that name it find another class or none",
};

const certType = "tls:index/selfSignedCert:SelfSignedCert";
const keyType = "tls:index/privateKey:PrivateKey";
const requestType = "tls:index/certRequest:CertRequest";

const generatedCost = "its value is nowhere else, and what was set up with it no longer accepts the next one";
const authorityCost = "what it signed can no longer be renewed by it, and clients that trust it alone are cut off";
const keyCost = "nothing issues its like again, and what was made with it can no longer be read or proved";

/** A step that nothing takes back, and what it costs. */
export interface Irreversible {
  readonly step: ResourceStep;
  readonly cost: string;
}

/** What a preview would do that may be irreversible. */
interface PreviewedChanges {
  readonly changes: readonly ResourceStep[];
  /** @see OperationRecord.lostDefinitions */
  readonly lostDefinitions?: LostDefinitions;
}

/**
 * The steps of a preview that lose what cannot be made again: volumes' data, keys, self-signed certificates, generated values, namespaces,
 * definitions (those of a chart too), and the grants of a binding whose role changes. What stays on the cluster when it leaves the state is none of
 * them, nor is a key for which a certificate was requested: its authority signs the next one.
 */
export function irreversibleSteps({ changes, lostDefinitions }: PreviewedChanges, { resources = [] }: Deployment): Irreversible[] {
  const kept = new Set(resources.filter(({ retainOnDelete }) => retainOnDelete === true).map(({ urn }) => urn));
  return changes.flatMap((step) => {
    if (kept.has(step.urn)) return [];
    const cost = releaseCost(step, lostDefinitions) ?? costOf(step, resources);
    return cost === undefined ? [] : [{ step, cost }];
  });
}

function isGoing({ op }: ResourceStep): boolean {
  return op === "delete" || op === "replace";
}

/** An update of a Release deletes what its chart no longer has. */
function releaseCost({ urn }: ResourceStep, lost: LostDefinitions = new Map()): string | undefined {
  if (!lost.has(urn)) return undefined;
  const names = lost.get(urn);
  if (names === undefined) return "its chart cannot be rendered and may have definitions, with which every object of their kinds goes";
  return names.length === 0 ? undefined : `every object of the kinds that it defines goes with it: ${names.join(", ")}`;
}

function costOf(step: ResourceStep, resources: readonly StateResource[]): string | undefined {
  const { op, type, diffs } = step;
  if (!isGoing(step)) return undefined;
  if (type === certType) return authorityCost;
  if (type === keyType) return costOfKey(step, resources);
  if (type.startsWith("random:")) return generatedCost;
  const [, kind = ""] = /^kubernetes:[^:]+:(\w+)$/.exec(type) ?? [];
  if (/^(Cluster)?RoleBinding$/.test(kind) && op === "replace" && diffs.includes("roleRef"))
    return "its subjects lose the old role before they have the new one";
  return kinds[kind];
}

function costOfKey({ urn }: ResourceStep, resources: readonly StateResource[]): string | undefined {
  const users = resources.filter(({ dependencies = [] }) => dependencies.includes(urn)).map(({ type }) => type);
  if (users.includes(certType)) return authorityCost;
  return users.includes(requestType) ? undefined : keyCost;
}
