import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";

/** A text of SQL that is known by its checksum. */
export interface SqlScript {
  /** SHA-256 of the text, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  readonly text: pulumi.Input<string>;
}

/** Geocube's schema: what makes it, and what brings an older one up to it. @see https://github.com/airbusgeo/geocube/blob/main/docs/installation/upgrade.md */
export interface SchemaSource {
  /** The version that `create` makes, as `1.1.0`. */
  readonly version: string;
  /** Upstream's `create.sql`. */
  readonly create: SqlScript;
  /** Upstream's `create_table.sql`, with the table of its queue. @default none */
  readonly queue?: SqlScript;
  /** Upstream's `update_VERSION.sql`, ascending; those that the database is past are left out. @default [] */
  readonly updates: readonly (SqlScript & { readonly version: string })[];
  /** The version of tables that are there already, made by somebody else. @default they are refused */
  readonly adopt?: string;
}

/** Names of the scripts where the Job has them. */
export const scriptFiles = {
  create: "create.sql",
  queue: "queue.sql",
  update: (version: string): string => `update-${version}.sql`,
} as const;

/** Every script by its file's name. */
export function schemaScripts({ create, queue, updates }: SchemaSource): Readonly<Record<string, SqlScript>> {
  return {
    [scriptFiles.create]: create,
    ...(queue === undefined ? {} : { [scriptFiles.queue]: queue }),
    ...Object.fromEntries(updates.map((update) => [scriptFiles.update(update.version), update])),
  };
}

/** SHA-256 of all that the Job does with the schema; another one is another Job. */
export function schemaDigest(schema: SchemaSource, script: string): string {
  const checksums = Object.entries(schemaScripts(schema)).map(([file, { sha256 }]) => [file, sha256]);
  const { version, adopt = "" } = schema;
  return createHash("sha256")
    .update(JSON.stringify([script, version, adopt, checksums]))
    .digest("hex");
}
