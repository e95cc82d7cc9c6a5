import { certificateAuthorityKeyProblems } from "./certificateAuthorityKey";
import { geocubeDatabaseConnectionProblems } from "./geocubeDatabaseConnection";
import { geocubeSecretProblems } from "./geocubeSecrets";
import { plexusAuthorityProblems } from "./plexusCredentialAuthority";
import { ponosSeedProblems } from "./ponosSeed";
import type { Problem } from "./problem";
import type { RawConfig } from "./rawConfig";
import type { ReadableStack } from "./stackSchema";
import { registryLoginProblems } from "./workersPullSecretsLogins";
import { registryUserProblems } from "./workersRegistrySecrets";

/**
 * What is wrong with the secrets beside the sections.
 *
 * @param unsure whether other problems leave open what the sections were meant to say
 */
export function secretProblems(raw: RawConfig, readable: ReadableStack, unsure: boolean): Problem[] {
  return [
    ...certificateAuthorityKeyProblems(raw, readable.certificateAuthority?.existing, unsure),
    ...ponosSeedProblems(raw, readable.ponos, unsure),
    ...plexusAuthorityProblems(raw, readable.plexus, unsure),
    ...geocubeDatabaseConnectionProblems(raw, readable.geocube?.database, unsure),
    ...geocubeSecretProblems(raw, readable.geocube, unsure),
    ...registryUserProblems(raw, readable.workers?.registry, unsure),
    ...registryLoginProblems(raw, readable.workers?.imagePullSecrets, unsure),
  ];
}
