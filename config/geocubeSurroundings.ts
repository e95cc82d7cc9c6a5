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
    nodePorts: byValue(nodePorts(stack)),
    hosts: byValue(hosts(stack)),
    namespaces: byValue(named.flatMap(([owner, names]) => names.map((name) => [owner, name] as const))),
  };
}

type Named<T> = readonly (readonly [path: string, value: T | undefined])[];

function byValue<T>(named: Named<T>): Map<T, string> {
  return new Map(named.flatMap(([path, value]) => (value === undefined ? [] : [[value, path] as const])));
}

function nodePorts({ ingressNginx, interlink, workers }: ReadableStack): Named<number> {
  const example = workers?.ingress?.example?.exposure;
  return [
    ["ingressNginx.exposure.https", ingressNginx?.exposure.type === "nodePort" ? ingressNginx.exposure.https : undefined],
    ["interlink.exposure.port", interlink?.exposure?.type === "nodePort" ? interlink.exposure.port : undefined],
    ["workers.ingress.example.exposure.nodePort", example?.type === "nodePort" ? example.nodePort : undefined],
  ];
}

function hosts({ workers }: ReadableStack): Named<string> {
  const example = workers?.ingress?.example?.exposure;
  const registry = workers?.registry;
  return [
    ["workers.ingress.example.exposure.host", example?.type === "ingress" ? example.host : undefined],
    ["workers.registry.host", registry?.exposure.type === "ingress" ? registry.host : undefined],
  ];
}
