import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Where Geocube's database comes from. */
export type DatabaseChoice = BuiltInDatabase | ExternalDatabase;

type Quantities = Readonly<Record<string, string>>;

/** The image whose `psql`, `pg_dump` and, for a built-in database, `postgres` run, and where they may. */
export interface DatabasePods {
  /** An image of PostGIS that begins as the official one of PostgreSQL does. @default "docker.io/postgis/postgis:17-3.5" */
  readonly image: string;
  /** The image's own user, whom it has in `/etc/passwd`. @default 999 */
  readonly runAsUser: number;
  /** Labels of nodes that the pods may run on. @default {} */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Taints that the pods bear. @default [] */
  readonly tolerations: readonly k8s.types.input.core.v1.Toleration[];
}

/** A volume whose claim stays on destroy. */
export interface DatabaseVolume {
  /** Quantity. @default "50Gi" */
  readonly size: string;
  /** @default the cluster's default class */
  readonly storageClass?: string;
}

/** PostgreSQL with PostGIS in the cluster, one replica. */
export interface BuiltInDatabase extends DatabasePods {
  readonly type: "builtIn";
  /** PostgreSQL's major version in the image, which decides where its volume is mounted. */
  readonly majorVersion: number;
  /** @default 1024 */
  readonly maxConnections: number;
  readonly storage: DatabaseVolume;
  /** Refuse to take the volumes' claims out of the stack. @default false */
  readonly protect: boolean;
  /** Go durations. @default 2160h, renewed in its last third */
  readonly certificate: { readonly duration: string; readonly renewBefore?: string };
  /** @default 500m and 2Gi, at most 8Gi */
  readonly resources: { readonly requests: Quantities; readonly limits: Quantities };
  /** @default none */
  readonly backup?: DatabaseBackup;
}

/** A dump at set times. */
export interface DatabaseBackup extends DatabaseVolume {
  /** When, in cron's words and UTC. @default "17 2 * * *" */
  readonly schedule: string;
  /** How many dumps stay. @default 7 */
  readonly keep: number;
}

/** A PostgreSQL with PostGIS that others run. */
export interface ExternalDatabase extends DatabasePods {
  readonly type: "external";
  /** `postgres://user:password@host:port/database`. */
  readonly connection: pulumi.Output<string>;
  /**
   * Whether the connection is an administrator's, by which schema and role are made; otherwise it is the one that Geocube connects with, and
   * the schema is there. @default true
   */
  readonly bootstrap: boolean;
  /** PEM of the CA that signed the server's certificate. @default the public roots */
  readonly caBundle?: string;
  /** What the server is set to. @default 1024 */
  readonly maxConnections: number;
}
