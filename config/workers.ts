import * as pulumi from "@pulumi/pulumi";
import type { WorkersArgs } from "../components/workers/workers";
import { pinnedImage } from "./image";
import { resolveImagePullSecrets } from "./workersPullSecrets";
import { type RegistrySecrets, resolveRegistry } from "./workersRegistry";
import { DEFAULT_BACKEND_IMAGE, type GivenWorkers } from "./workersSchema";

/** The worker services; whose platform they stand on, and which nodes there are, is known only to the program. */
export type WorkersConfig = Omit<WorkersArgs, "platform" | "clusterNodes">;

/** The secrets beside the section, each absent where it is not set. */
export interface WorkersSecrets {
  readonly registry: RegistrySecrets;
  /** `workersRegistryLogins`: JSON, logins by their servers. */
  readonly logins?: pulumi.Output<string>;
}

/** The section as the program uses it. */
export function resolveWorkers(given: GivenWorkers, { registry, logins }: WorkersSecrets): WorkersConfig {
  const { proxy, nodes, namespaces, ingress, imagePullSecrets } = given;
  return {
    proxy,
    nodes: Object.entries(nodes).map(([node, settings]) => ({ node, ...settings })),
    namespaces: Object.entries(namespaces).map(([name, settings]) => ({ name, ...settings })),
    ingress: { defaultBackend: defaultBackend(ingress), example: example(ingress) },
    registry: given.registry && resolveRegistry(given.registry, registry),
    imagePullSecrets: imagePullSecrets && resolveImagePullSecrets(imagePullSecrets, logins ?? pulumi.secret("{}")),
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
