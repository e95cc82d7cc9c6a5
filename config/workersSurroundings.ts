import { takenNamespaces } from "./plexusSurroundings";
import type { ReadableStack } from "./stackSchema";
import type { WorkersSurroundings } from "./workersRules";

/** Sections that name namespaces which exist, or are the worker services' own. */
const NOT_MADE = ["certificateAuthority.trustBundle.namespaces", "workers.namespaces", "interlink.exposure.metalLB.namespace"];

/** What the worker services of a stack have around them, as far as it can be read. */
export function workersSurroundings(stack: ReadableStack): WorkersSurroundings {
  const { certificateAuthority, ingressNginx, interlink, plexus } = stack;
  const made = Object.entries(takenNamespaces(stack)).flatMap(([owner, names]) =>
    NOT_MADE.includes(owner) ? [] : names.flatMap((name) => ownedBy(owner, name)),
  );
  const tenants = (plexus?.tenants ?? []).flatMap((tenant, index) =>
    (tenant.namespaces ?? [tenant.name]).flatMap((name) => ownedBy(`plexus.tenants[${index}]`, name)),
  );
  return { certificateAuthority, ingressNginx, interlink, plexus, made: new Map([...made, ...tenants]) };
}

/** `default` is everybody's. */
function ownedBy(owner: string, name: string | undefined): (readonly [string, string])[] {
  return name === undefined || name === "default" ? [] : [[name, `trustplane:${owner}`]];
}
