import type { GeocubeConfig } from "../config/geocube";
import type { Problem } from "../config/problem";
import type { ClusterFacts, StorageClassFact } from "./clusterFacts";
import { datasetVolume, type GeocubeFacts, privateClasses } from "./geocubeFacts";
import { missingClass, storageProblems } from "./storageRules";

const SECTION = "trustplane:geocube";

/** Why Geocube cannot live on the cluster as the section says. */
export function geocubeProblems(config: GeocubeConfig | undefined, facts: Pick<ClusterFacts, "geocube" | "storageClasses">): Problem[] {
  if (config === undefined || facts.geocube === undefined) return [];
  const { geocube, storageClasses } = facts;
  return [
    ...(geocube.foreignNamespace ? [foreignNamespace(config)] : []),
    ...storageProblems(`${SECTION}.storage`, datasetVolume(config), { storageClasses, storage: geocube.storage }),
    ...classProblems(config, geocube, storageClasses),
    ...(geocube.ingressClass === false ? [noIngressClass(config)] : []),
  ];
}

/** Its policies would cut off whatever runs there, and its level would refuse it. */
function foreignNamespace({ namespace }: GeocubeConfig): Problem {
  const found = `${JSON.stringify(namespace)}, which the cluster has already, and not from this program`;
  const allowed = "a namespace that this program makes: Geocube's policies keep out whoever connects to others there";
  return { path: `${SECTION}.namespace`, found, allowed, wayOut: "choose another name, or delete that namespace if nobody needs it" };
}

/** Of volumes that one pod has for itself any class will do, if it is there. */
function classProblems(config: GeocubeConfig, { classesByHand }: GeocubeFacts, classes: readonly StorageClassFact[]): Problem[] {
  const isThere = (name: string | undefined): boolean =>
    name === undefined
      ? classes.some(({ isDefault }) => isDefault)
      : [...classes.map((each) => each.name), ...classesByHand].includes(name);
  return privateClasses(config)
    .filter(({ name }) => !isThere(name))
    .map(({ key, name }) => missingClass(`${SECTION}.${key}`, name, classes));
}

function noIngressClass({ exposure }: GeocubeConfig): Problem {
  const className = exposure.type === "ingress" ? exposure.className : undefined;
  return {
    path: `${SECTION}.exposure.className`,
    found: `${JSON.stringify(className)}, and the cluster has no such IngressClass`,
    allowed: "an IngressClass that the cluster has: kubectl get ingressclasses",
    wayOut: "correct it, or remove it for the internal ingress of this stack",
  };
}
