import type { ReadableGeocube } from "./geocubeSchema";
import type { Problem } from "./problem";
import type { RawConfig } from "./rawConfig";
import type { SecretKey } from "./secretKeys";

/** A secret beside the section that is a text of a kind. */
interface SecretText {
  readonly key: SecretKey;
  /** What makes it needed, and whether it is. */
  readonly user: string;
  readonly needed: boolean;
  readonly what: string;
  readonly example: string;
  readonly fits: (text: string) => boolean;
}

/**
 * What is wrong with the credentials beside the section; they are never shown.
 *
 * @param unsure whether other problems leave open if some were meant
 */
export function geocubeSecretProblems(raw: RawConfig, geocube: ReadableGeocube | undefined, unsure: boolean): Problem[] {
  return secretTexts(geocube).flatMap((secret) => secretProblems(raw, secret, unsure));
}

function secretTexts(geocube: ReadableGeocube | undefined): SecretText[] {
  return [
    {
      key: "geocubeGoogleCredentials",
      user: "geocube.googleCredentials is {type: key}",
      needed: geocube?.googleCredentials?.type === "key",
      what: "the JSON of a Google service account's key file",
      example: "pulumi config set --secret trustplane:geocubeGoogleCredentials < key.json",
      fits: isGoogleKey,
    },
    {
      key: "geocubeAwsCredentials",
      user: "geocube.raster.s3 is set",
      needed: geocube?.raster?.s3 !== undefined,
      what: "an AWS shared credentials file with aws_access_key_id and aws_secret_access_key",
      example: "pulumi config set --secret trustplane:geocubeAwsCredentials < ~/.aws/credentials",
      fits: (text) => /^\s*\[[^\]]+\]/.test(text) && /aws_access_key_id\s*=/.test(text) && /aws_secret_access_key\s*=/.test(text),
    },
  ];
}

function secretProblems({ secrets, secretKeys }: RawConfig, secret: SecretText, unsure: boolean): Problem[] {
  const { key, user, needed, what, example, fits } = secret;
  const text = secrets[key];
  const problem = (found: string, allowed: string, wayOut: string): Problem => ({ path: key, found, allowed, wayOut });
  if (text !== undefined && !secretKeys.has(key)) {
    return [problem("credentials in plain text", "a secret", `remove them from the stack's file, then: ${example}`)];
  }
  if (needed && text === undefined) return [problem("nothing", `${what}, since ${user}`, example)];
  if (needed && text !== undefined && !fits(text)) return [problem("[secret]", what, example)];
  if (needed || text === undefined || unsure) return [];
  return [problem("credentials that nothing uses", `none unless ${user}`, `pulumi config rm trustplane:${key}`)];
}

/** @see https://cloud.google.com/iam/docs/keys-create-delete */
function isGoogleKey(text: string): boolean {
  try {
    const { type, client_email: email, private_key: key } = JSON.parse(text) as Record<string, unknown>;
    return type === "service_account" && typeof email === "string" && typeof key === "string";
  } catch {
    return false;
  }
}
