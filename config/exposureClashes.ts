import type { Contradiction } from "./problem";
import type { ReadableStack } from "./stackSchema";

/** A port of every node, or a host of an ingress, that a system has for itself. */
interface Use {
  /** The path of the value that says so. */
  readonly path: string;
  readonly value: number | string;
  /** The class of the ingress, where it is not this stack's own. */
  readonly className?: string | undefined;
}

const portFinding = {
  allowed: "a port of its own: a node's port leads to one Service",
  wayOut: "choose another one from 30000 to 32767",
};

const hostFinding = {
  allowed: "a host of its own: the ingress leads one host and path to one system, and every system has the path /",
  wayOut: "write another name that leads to the ingress",
};

/** What two systems of a stack would answer, told of the later one. */
export function exposureClashes(stack: ReadableStack): Contradiction[] {
  return [...clashes(nodePorts(stack), portFinding), ...clashes(hosts(stack), hostFinding)];
}

function clashes(uses: readonly Use[], finding: Pick<Contradiction, "allowed" | "wayOut">): Contradiction[] {
  return uses.flatMap(({ path, value, className }, index) => {
    const first = uses.slice(0, index).find((other) => other.value === value && other.className === className);
    if (first === undefined) return [];
    return [{ path, reads: [path, first.path], found: `${JSON.stringify(value)}, which trustplane:${first.path} has too`, ...finding }];
  });
}

function nodePorts({ ingressNginx, interlink, geocube, workers }: ReadableStack): Use[] {
  const example = workers?.ingress?.example?.exposure;
  const registry = workers?.registry?.exposure;
  return [
    ...(ingressNginx?.exposure.type === "nodePort" ? [{ path: "ingressNginx.exposure.https", value: ingressNginx.exposure.https }] : []),
    ...(interlink?.exposure?.type === "nodePort" ? [{ path: "interlink.exposure.port", value: interlink.exposure.port }] : []),
    ...(geocube?.exposure?.type === "nodePort" ? [{ path: "geocube.exposure.port", value: geocube.exposure.port }] : []),
    ...(example?.type === "nodePort" ? [{ path: "workers.ingress.example.exposure.nodePort", value: example.nodePort }] : []),
    ...(registry?.type === "nodePort" ? [{ path: "workers.registry.exposure.port", value: registry.port }] : []),
  ];
}

/** The edge to the Kubernetes API has no host, but its clients come by its address. */
function hosts({ interlink, geocube, workers }: ReadableStack): Use[] {
  const cubes = geocube?.exposure;
  const example = workers?.ingress?.example?.exposure;
  const registry = workers?.registry;
  const address = interlink?.exposure?.type === "ingress" ? interlink.address : undefined;
  return [
    ...(address === undefined ? [] : [{ path: "interlink.address", value: address }]),
    ...(cubes?.type === "ingress" ? [{ path: "geocube.exposure.host", value: cubes.host, className: cubes.className }] : []),
    ...(example?.type === "ingress" ? [{ path: "workers.ingress.example.exposure.host", value: example.host }] : []),
    ...(registry?.exposure.type === "ingress"
      ? [{ path: "workers.registry.host", value: registry.host, className: registry.exposure.className }]
      : []),
  ];
}
