import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { DatabaseChoice } from "../components/geocube/databaseChoice";
import type { SchemaSource } from "../components/geocube/schemaSource";
import { builtInFields, DATABASE_IMAGE, externalFields } from "./geocubeDatabaseFields";
import { resolveScript } from "./geocubeDatabaseScript";
import { pinnedImage } from "./image";

/** `database` of the section `geocube`: one in the cluster, or one that others run. */
export const databaseSchema = z.discriminatedUnion("type", [builtInFields, externalFields]);

/** The database as its schema reads it. */
export type GivenDatabase = z.output<typeof databaseSchema>;

/** The database, and what makes its tables. */
export interface DatabaseConfig {
  readonly database: DatabaseChoice;
  /** Absent where others have made them. */
  readonly schema?: SchemaSource;
}

/** The database as the program uses it; `connection` is the secret `geocubeDatabaseConnection`, which an external one needs. */
export function resolveDatabase(given: GivenDatabase, connection: pulumi.Output<string> | undefined): DatabaseConfig {
  const { schema, digest, image, ...rest } = given;
  const pods = { image: pinnedImage({ image, digest }, DATABASE_IMAGE) };
  return { database: { ...pods, ...choice(rest, image, connection) }, schema: schema && resolveSchema(schema) };
}

type Given = DistributiveOmit<GivenDatabase, "schema" | "digest" | "image">;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function choice(
  given: Given,
  image: string | undefined,
  connection: pulumi.Output<string> | undefined,
): DistributiveOmit<DatabaseChoice, "image"> {
  if (given.type === "builtIn") return { ...given, majorVersion: majorVersionOf({ ...given, image }) ?? 0 };
  // the rules have refused an external one without it
  return { ...given, connection: connection as pulumi.Output<string> };
}

/** PostgreSQL's major version: what is said of it, else what the image's tag begins with. */
export function majorVersionOf({
  majorVersion,
  image = DATABASE_IMAGE,
}: {
  readonly majorVersion?: number | undefined;
  readonly image?: string | undefined;
}): number | undefined {
  return majorVersion ?? taggedVersion(image);
}

/** The major version that an image's tag begins with. */
export function taggedVersion(image: string): number | undefined {
  const tag = /:(\d+)(?:[-.]|$)[^/]*$/.exec(image)?.[1];
  return tag === undefined ? undefined : Number(tag);
}

function resolveSchema({ version, create, queue, updates, adopt }: NonNullable<GivenDatabase["schema"]>): SchemaSource {
  return {
    version,
    adopt,
    create: resolveScript(create),
    queue: queue && resolveScript(queue),
    updates: updates.map((update) => ({ version: update.version, ...resolveScript(update) })),
  };
}
