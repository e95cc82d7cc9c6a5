import type { GeocubeSurroundings } from "./geocubeRules";
import { takenNamespaces } from "./plexusSurroundings";
import type { ReadableStack } from "./stackSchema";

/** Sections that want a namespace that exists, which may be Geocube's. */
const NOT_MADE = [
  "geocube.namespace",
  "certificateAuthority.trustBundle.namespaces",
  "interlink.accessProbe.namespace",
  "workers.namespaces",
];

/** What Geocube has around it in a stack, as far as it can be read. */
export function geocubeSurroundings(stack: ReadableStack): GeocubeSurroundings {
  const { certificateAuthority, ingressNginx } = stack;
  const named = Object.entries(takenNamespaces(stack)).filter(([owner]) => !NOT_MADE.includes(owner));
  return {
    certificateAuthority,
    ingressNginx,
    namespaces: new Map(named.flatMap(([owner, names]) => names.flatMap((name) => (name === undefined ? [] : [[name, owner] as const])))),
  };
}
