import type { Contradiction } from "./problem";
import { contradiction } from "./workersContradiction";
import type { ExposedSections } from "./workersExposureRules";
import type { GivenRegistry } from "./workersRegistrySchema";
import type { ReadableWorkers } from "./workersSchema";

/** Who else is exposed in the stack, as far as it can be read. */
export interface RegistryNeighbours extends Pick<ExposedSections, "ingressNginx" | "interlink"> {
  readonly example?: NonNullable<NonNullable<ReadableWorkers["ingress"]>["example"]> | undefined;
}

/** Somebody else's way, and the path of the value that says so. */
type Taken = readonly (readonly [path: string, value: number | string | undefined])[];

/** What two systems would answer: one port of the nodes, or one host of the internal ingress, where every system has the path `/`. */
export function neighbourProblems({ exposure, host }: GivenRegistry, neighbours: RegistryNeighbours): Contradiction[] {
  if (exposure.type === "nodePort") {
    const allowed = "a port of its own: a node's port leads to one Service";
    return takenBy(nodePorts(neighbours), exposure.port, ["exposure", "port"], allowed, "choose another one from 30000 to 32767");
  }
  if (exposure.type !== "ingress" || exposure.className !== undefined) return [];
  const allowed = "a host of its own: the ingress leads one host and path to one system";
  return takenBy(hosts(neighbours), host, ["host"], allowed, "write another name that leads to the ingress");
}

function takenBy(taken: Taken, value: number | string, at: readonly string[], allowed: string, wayOut: string): Contradiction[] {
  return taken
    .filter(([, other]) => other === value)
    .map(([path]) => {
      const found = `${JSON.stringify(value)}, which trustplane:${path} has too`;
      return contradiction(["registry", ...at], [path, "workers.registry.exposure"], { found, allowed, wayOut });
    });
}

function nodePorts({ ingressNginx, interlink, example }: RegistryNeighbours): Taken {
  return [
    ["ingressNginx.exposure.https", ingressNginx?.exposure.type === "nodePort" ? ingressNginx.exposure.https : undefined],
    ["interlink.exposure.port", interlink?.exposure?.type === "nodePort" ? interlink.exposure.port : undefined],
    ["workers.ingress.example.exposure.nodePort", example?.exposure.type === "nodePort" ? example.exposure.nodePort : undefined],
  ];
}

/** The edge to the Kubernetes API has no host, but its clients come by its address. */
function hosts({ interlink, example }: RegistryNeighbours): Taken {
  return [
    ["interlink.address", interlink?.exposure?.type === "ingress" ? interlink.address : undefined],
    ["workers.ingress.example.exposure.host", example?.exposure.type === "ingress" ? example.exposure.host : undefined],
  ];
}
