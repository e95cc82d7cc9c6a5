import { foundText } from "./describeIssue";
import { contradiction } from "./geocubeContradiction";
import { databaseProblems } from "./geocubeDatabaseRules";
import { type ExposedBeside, exposureProblems } from "./geocubeExposureRules";
import { messagingProblems } from "./geocubeMessagingRules";
import type { ReadableGeocube } from "./geocubeSchema";
import { geocubeStorageProblems } from "./geocubeStorageRules";
import { workerProblems } from "./geocubeWorkerRules";
import type { Contradiction } from "./problem";

/** What the section stands beside, as far as it can be read. */
export interface GeocubeSurroundings extends ExposedBeside {
  /** Namespaces that other sections have, each with its path. */
  readonly namespaces: ReadonlyMap<string, string>;
}

/** What contradicts itself in the section, and between it and others. */
export function geocubeProblems(given: ReadableGeocube, surroundings: GeocubeSurroundings): Contradiction[] {
  return [
    ...namespaceProblems(given, surroundings),
    ...(given.database === undefined ? [] : databaseProblems(given.database, surroundings.certificateAuthority)),
    ...messagingProblems(given),
    ...workerProblems(given),
    ...geocubeStorageProblems(given),
    ...exposureProblems(given, surroundings),
  ];
}

/** Its pods have the level restricted, and its policies keep everybody else out. */
function namespaceProblems({ namespace }: ReadableGeocube, { namespaces }: GeocubeSurroundings): Contradiction[] {
  if (namespace === undefined) return [];
  const owner = namespaces.get(namespace);
  const own = namespace === "default" || namespace.startsWith("kube-");
  if (owner === undefined && !own) return [];
  const found = `${foundText(namespace)}, which is ${owner === undefined ? "Kubernetes' own" : `trustplane:${owner} too`}`;
  const allowed = "a namespace that Geocube has for itself: its policies keep others out, and its level is restricted";
  return [contradiction("namespace", [], { found, allowed, wayOut: "remove it to have geocube" }, owner === undefined ? [] : [owner])];
}
