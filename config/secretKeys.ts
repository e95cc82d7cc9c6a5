import { z } from "zod";

/** The secrets beside the sections, each a key of its own, so that no section has to be encrypted as a whole. */
export const secretFields = {
  certificateAuthorityKey: secret("PEM of the key of certificateAuthority.existing."),
  ponosSeed: secret("the farm's seed in Arkindex, for ponos."),
  plexusCertificateAuthorityKey: secret(
    "PEM of the key of the cluster's client CA, for tenants whose credential is a certificateAuthority's.",
  ),
  geocubeDatabaseConnection: secret("postgres://USER:PASSWORD@HOST:5432/DATABASE, for geocube.database of type external."),
  geocubeGoogleCredentials: secret("JSON of a Google service account's key file, for geocube.googleCredentials of type key."),
  geocubeAwsCredentials: secret("text of an AWS shared credentials file, for geocube.raster.s3."),
  workersRegistryUsers: secret("JSON object of passwords by their users, for workers.registry beside its users."),
  workersRegistryHtpasswd: secret("lines USER:HASH of an htpasswd file, bcrypt alone, for workers.registry."),
  workersRegistryLogins: secret("JSON object of {username, password} by their servers, for workers.imagePullSecrets."),
};

export type SecretKey = keyof typeof secretFields;

export const SECRET_KEYS = Object.keys(secretFields) as readonly SecretKey[];

/** The secrets that are set, in plain text. Never printed. */
export type Secrets = Readonly<Partial<Record<SecretKey, string>>>;

function secret(what: string) {
  return z
    .string()
    .optional()
    .meta({ description: `Secret: ${what}` });
}
