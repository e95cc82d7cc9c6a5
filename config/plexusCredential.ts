import { z } from "zod";
import type { CredentialStrategy } from "../components/plexus/tenantCredentialStrategy";
import { parseDuration } from "./duration";
import { duration } from "./fields";

/** What one year is to the controller-manager, which gives no more unless told: `--cluster-signing-duration`. */
export const CREDENTIAL_EXPIRATION = "8760h";

const SHORTEST = "10m";
const WHY = "600 seconds, the shortest that the Kubernetes API takes";

const renewBefore = duration("1s", "a second").optional();

const life = (shortest: string, why: string) => ({
  expiration: duration(shortest, why)
    .default(CREDENTIAL_EXPIRATION)
    .meta({ description: "How long one certificate is valid; it cannot be revoked before. The cluster may give less." }),
  renewBefore: renewBefore.meta({
    description: "How long before its end an up renews the certificate; a third of the expiration unless given.",
  }),
});

/** What a tenant proves its name with; a certificate that the cluster signs unless given. */
export const credentialSchema = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("certificateSigningRequest"), ...life(SHORTEST, WHY) }),
    z.strictObject({ type: z.literal("certificateAuthority"), ...life("1h", "the shortest that @pulumi/tls counts") }),
    z.strictObject({ type: z.literal("serviceAccount") }),
  ])
  .prefault({ type: "certificateSigningRequest" })
  .meta({
    description:
      "What the tenant proves its name with: a certificate that the cluster signs (not EKS), one that plexus.certificateAuthority signs, or a ServiceAccount's token.",
  });

/** A credential as its schema reads it. */
export type GivenCredential = z.output<typeof credentialSchema>;

/** The credential as the program uses it. */
export function resolveCredential(given: GivenCredential): CredentialStrategy {
  if (given.type === "serviceAccount") return given;
  const expirationSeconds = secondsOf(given.expiration);
  const unit = given.type === "certificateAuthority" ? 3600 : 1;
  const third = Math.floor(expirationSeconds / 3 / unit) * unit;
  const renewBeforeSeconds = given.renewBefore === undefined ? third : secondsOf(given.renewBefore);
  return { type: given.type, expirationSeconds, renewBeforeSeconds };
}

/**
 * Whole seconds of a Go duration.
 * @throws RangeError for any other text
 */
export function secondsOf(text: string): number {
  const parsed = parseDuration(text);
  if ("flaw" in parsed) throw new RangeError(`${JSON.stringify(text)} is not a duration: ${parsed.flaw.reason}`);
  return Number(parsed.nanoseconds / 1_000_000_000n);
}
