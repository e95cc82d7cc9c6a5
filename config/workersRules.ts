import type { ReadablePlexus } from "./plexusRules";
import type { Contradiction } from "./problem";
import { type ExposedSections, exposureProblems } from "./workersExposureRules";
import { namespaceProblems } from "./workersNamespaceRules";
import { nodeProblems } from "./workersNodeRules";
import { proxyProblems } from "./workersProxyRules";
import { pullSecretProblems } from "./workersPullSecretsRules";
import { type RegistrySections, registryProblems } from "./workersRegistryRules";
import type { ReadableWorkers } from "./workersSchema";

/** What the section stands beside, as far as it can be read. */
export interface WorkersSurroundings extends ExposedSections, RegistrySections {
  readonly plexus?: ReadablePlexus | undefined;
  /** Namespaces that the stack's systems make, each by the key that names it. */
  readonly made: ReadonlyMap<string, string>;
}

/** What contradicts itself in the section, and between it and others. */
export function workersProblems(given: ReadableWorkers, surroundings: WorkersSurroundings): Contradiction[] {
  return [
    ...proxyProblems(given),
    ...nodeProblems(given, surroundings.plexus),
    ...namespaceProblems(given, surroundings.made),
    ...exposureProblems(given, surroundings),
    ...(given.registry === undefined ? [] : registryProblems(given.registry, surroundings)),
    ...(given.imagePullSecrets === undefined ? [] : pullSecretProblems(given.imagePullSecrets, given.registry)),
  ];
}
