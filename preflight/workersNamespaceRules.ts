import { nearestName } from "../config/nearestName";
import type { Problem } from "../config/problem";
import type { StackConfig } from "../config/readConfig";
import type { WorkersConfig } from "../config/workers";
import type { LabelledFact } from "./labelRules";

type LiveNamespace = Pick<LabelledFact, "name">;

/** Where objects of the worker services go, by the path that says so. */
export function placements({ proxy, registry, imagePullSecrets }: WorkersConfig): Readonly<Record<string, readonly string[]>> {
  const { secrets = [], serviceAccounts = [], defaultServiceAccounts = [] } = imagePullSecrets ?? {};
  return {
    "trustplane:workers.proxy.namespaces": proxy?.namespaces ?? [],
    "trustplane:workers.registry.pullSecrets.namespaces": registry?.pullSecrets.namespaces ?? [],
    "trustplane:workers.imagePullSecrets.secrets": secrets.flatMap(({ namespaces }) => namespaces),
    "trustplane:workers.imagePullSecrets.serviceAccounts": serviceAccounts.map(({ namespace }) => namespace),
    "trustplane:workers.imagePullSecrets.defaultServiceAccounts": defaultServiceAccounts.map(({ namespace }) => namespace),
  };
}

/** Namespaces of the configuration that neither the cluster has nor the stack makes before what goes into them. */
export function placementProblems({ workers, ponos, plexus, geocube }: StackConfig, live: readonly LiveNamespace[]): Problem[] {
  if (workers === undefined) return [];
  const made = [
    ...workers.namespaces.filter(({ create }) => create).map(({ name }) => name),
    ...(plexus?.tenants ?? []).flatMap(({ namespaces }) => namespaces),
    ponos?.namespace,
    geocube?.namespace,
  ];
  const wayOut = "make it first, or add it to workers.namespaces with create: true";
  return Object.entries(placements(workers)).flatMap(([path, names]) =>
    [...new Set(names)]
      .filter((name) => !live.some((each) => each.name === name) && !made.includes(name))
      .map((name) => unknownNamespace(path, name, live, wayOut)),
  );
}

/** A namespace that the cluster does not have, and which one may have been meant. */
export function unknownNamespace(path: string, name: string, live: readonly LiveNamespace[], wayOut: string): Problem {
  const near = nearestName(
    name,
    live.map((each) => each.name),
  );
  return {
    path,
    found: `${JSON.stringify(name)}, and the cluster has no such namespace`,
    allowed: "namespaces that the cluster has: a patch of a mistyped name would make one",
    wayOut: near === undefined ? wayOut : `did you mean "${near}"? Else ${wayOut}`,
  };
}
