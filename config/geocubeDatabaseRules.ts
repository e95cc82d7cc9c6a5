import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { foundText } from "./describeIssue";
import { durationHours } from "./duration";
import { type GivenDatabase, majorVersionOf, taggedVersion } from "./geocubeDatabase";
import { DATABASE_IMAGE, MAJOR_VERSIONS } from "./geocubeDatabaseFields";
import type { Leaf } from "./leafRules";
import type { Contradiction } from "./problem";
import { amountOf } from "./quantity";

const AT = "geocube.database";

type BuiltIn = Extract<GivenDatabase, { type: "builtIn" }>;
type Schema = NonNullable<GivenDatabase["schema"]>;

/**
 * What contradicts itself in the database's settings, and between them and the platform's.
 * @param certificateAuthority absent where the platform is another stack's
 */
export function databaseProblems(given: GivenDatabase, certificateAuthority: GivenCertificateAuthority | undefined): Contradiction[] {
  const schema = given.schema === undefined ? [] : updateProblems(given.schema);
  if (given.type === "external") return [...schema, ...bootstrapProblems(given)];
  return [...schema, ...versionProblems(given), ...sizeProblems(given), ...renewalProblems(given), ...issuerProblems(certificateAuthority)];
}

/** The server's leaf, where it is built in. */
export function databaseLeaves(given: GivenDatabase): Leaf[] {
  if (given.type === "external") return [];
  return [{ path: `${AT}.certificate.duration`, duration: given.certificate.duration, decidedBy: `${AT}.type` }];
}

function problem(key: string, reads: readonly string[], found: string, allowed: string, wayOut: string): Contradiction {
  return { path: `${AT}.${key}`, reads: [key, ...reads].map((each) => `${AT}.${each}`), found, allowed, wayOut };
}

function bootstrapProblems({ bootstrap, schema }: Extract<GivenDatabase, { type: "external" }>): Contradiction[] {
  if (bootstrap === (schema !== undefined)) return [];
  if (!bootstrap) {
    return [
      problem("schema", ["bootstrap"], "scripts that nothing runs", "none where bootstrap is false", "remove it, or bootstrap: false"),
    ];
  }
  const wayOut = "name upstream's scripts, or set bootstrap: false where the tables and Geocube's role are there";
  return [problem("schema", ["bootstrap"], "nothing", "what makes the tables: Geocube itself makes none", wayOut)];
}

/** They are applied in this order, and each only to a database of an older version. */
function updateProblems({ updates }: Schema): Contradiction[] {
  return updates.flatMap(({ version }, index) => {
    const before = updates[index - 1]?.version;
    if (before === undefined || compared(before, version) < 0) return [];
    const path = `schema.updates[${index}].version`;
    const found = `${foundText(version)} behind ${foundText(before)}`;
    return [problem(path, ["schema.updates"], found, "versions that ascend, each once", "put them in order")];
  });
}

function compared(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}

function versionProblems({ image = DATABASE_IMAGE, majorVersion }: BuiltIn): Contradiction[] {
  const tagged = taggedVersion(image);
  const version = majorVersionOf({ image, majorVersion });
  const { least, most } = MAJOR_VERSIONS;
  const range = `PostgreSQL ${least} to ${most}`;
  if (version === undefined || version < least || version > most) {
    const wayOut = "choose an image of PostGIS whose tag begins with it, or say it in majorVersion";
    return [problem("majorVersion", ["image"], `nothing, and the image is ${foundText(image)}`, range, wayOut)];
  }
  if (tagged === undefined || tagged === version || tagged < least || tagged > most) return [];
  const found = `${version}, and the image is ${foundText(image)}`;
  return [problem("majorVersion", ["image"], found, "the version of the image: the volume's place depends on it", "remove it")];
}

function sizeProblems({ storage, backup }: BuiltIn): Contradiction[] {
  const sizes = { "storage.size": storage.size, ...(backup === undefined ? {} : { "backup.size": backup.size }) };
  return Object.entries(sizes)
    .filter(([, size]) => amountOf(size) <= 0)
    .map(([key, size]) => problem(key, [], foundText(size), "more than nothing: a claim asks for storage", 'write "50Gi", for example'));
}

function renewalProblems({ certificate: { duration, renewBefore } }: BuiltIn): Contradiction[] {
  if (renewBefore === undefined || durationHours(renewBefore) < durationHours(duration)) return [];
  const found = `${foundText(renewBefore)}, and the leaf is valid for ${foundText(duration)}`;
  return [problem("certificate.renewBefore", ["certificate.duration"], found, "less than duration", "shorten it, or remove it")];
}

/** The server's name ends in .svc, and its clients verify it with the roots that the stack knows. */
function issuerProblems(certificateAuthority: GivenCertificateAuthority | undefined): Contradiction[] {
  const issuer = certificateAuthority?.issuer;
  if (issuer === undefined || issuer.caBundle !== undefined) return [];
  const path = "certificateAuthority.issuer.caBundle";
  const allowed = "the issuer's roots where Geocube's database is built in: no public CA signs its name, which ends in .svc";
  const wayOut = "set it to the PEM of the issuer's roots, or use a CA made here";
  return [{ path, reads: ["certificateAuthority.issuer", `${AT}.type`], found: "nothing", allowed, wayOut }];
}
