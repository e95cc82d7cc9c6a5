import type { WorkersArgs } from "../components/workers/workers";
import { pinnedImage } from "./image";
import { DEFAULT_BACKEND_IMAGE, type GivenWorkers } from "./workersSchema";

/** The worker services; whose platform they stand on, and which nodes there are, is known only to the program. */
export type WorkersConfig = Omit<WorkersArgs, "platform" | "clusterNodes">;

/** The section as the program uses it. */
export function resolveWorkers({ proxy, nodes, namespaces, ingress }: GivenWorkers): WorkersConfig {
  return {
    proxy,
    nodes: Object.entries(nodes).map(([node, settings]) => ({ node, ...settings })),
    namespaces: Object.entries(namespaces).map(([name, settings]) => ({ name, ...settings })),
    ingress: { defaultBackend: defaultBackend(ingress), example: example(ingress) },
  };
}

function defaultBackend({ defaultBackend: given }: GivenWorkers["ingress"]): WorkersConfig["ingress"]["defaultBackend"] {
  if (given === undefined) return undefined;
  const { image, digest, ...rest } = given;
  return { ...rest, image: pinnedImage({ image, digest }, DEFAULT_BACKEND_IMAGE) };
}

function example({ example: given }: GivenWorkers["ingress"]): WorkersConfig["ingress"]["example"] {
  if (given === undefined) return undefined;
  const { image, digest, ...rest } = given;
  return { ...rest, image: pinnedImage({ digest }, image) };
}
