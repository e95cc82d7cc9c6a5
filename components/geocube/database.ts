import * as pulumi from "@pulumi/pulumi";
import type { IssuerRef } from "../platform/certificates";
import { bootstraps, checkArguments } from "./databaseArguments";
import { databaseBackup } from "./databaseBackup";
import type { DatabaseChoice } from "./databaseChoice";
import { databaseNetworkPolicies } from "./databaseNetworkPolicy";
import type { DatabaseScope } from "./databaseScope";
import {
  administratorSecret,
  connectionKeys,
  connectionSecret,
  type DatabaseConnections,
  databaseConnections,
  secretDigest,
} from "./databaseSecrets";
import { databaseServer } from "./databaseServer";
import { type CaMount, databaseCa, databaseCaMount, databaseRoots, type PlatformTrust } from "./databaseTrust";
import { schemaJob } from "./schemaJob";
import type { SchemaSource } from "./schemaSource";

export interface GeocubeDatabaseArgs extends PlatformTrust {
  /** Namespace of Geocube. It exists, or the component depends on what makes it. */
  readonly namespace: pulumi.Input<string>;
  readonly database: DatabaseChoice;
  /** What makes the tables. @default none, which only an external database without `bootstrap` can do with */
  readonly schema?: SchemaSource;
  /** Who signs a built-in server's leaf. */
  readonly issuerRef: IssuerRef;
  /** Names of pull secrets in the namespace. @default [] */
  readonly imagePullSecrets: readonly string[];
  /** Labels of the pods that may connect, one set for each client. */
  readonly clients: readonly Readonly<Record<string, string>>[];
}

/** A key of a Secret in the database's namespace. */
export interface SecretKey {
  readonly name: pulumi.Output<string>;
  readonly key: string;
}

/**
 * Geocube's database, built in or of others: its schema, the role that Geocube connects as, the connections as Secrets, and who may connect.
 *
 * Needs the namespace and, for a built-in server, an issuer. The data volume's claim stays on destroy, and so does that of the backups; the
 * passwords do not, so the server is given new ones.
 * @see https://github.com/airbusgeo/geocube/blob/main/docs/installation/local-install.md
 */
export class GeocubeDatabase extends pulumi.ComponentResource {
  /** Geocube's connection, as `-dbConnection` takes it; clients mount {@link caMount} to verify the server. */
  readonly connectionSecret: SecretKey;
  /** The same database as `-pgqConnection` takes it. */
  readonly queueConnectionSecret: SecretKey;
  /** SHA-256 of the connection and of the roots; it rolls the clients. */
  readonly digest: pulumi.Output<string>;
  /** What clients depend on: with it schema and role are there. */
  readonly ready: readonly pulumi.Resource[];
  /** The roots that verify the server, at the path that the connections name. */
  readonly caMount: CaMount;
  /** How many connections the server takes. */
  readonly maxConnections: number;

  constructor(name: string, args: GeocubeDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(name, args);
    // without what comes from others: a protected claim keeps this component on destroy, and with it whatever its inputs come from
    super("trustplane:geocube:Database", name, { type: args.database.type }, opts);
    const scope = { name, namespace: args.namespace, opts: { parent: this } };
    const connections = databaseConnections(scope, args.database);
    const secret = connectionSecret(scope, connections.client);
    const ca = databaseCa(scope, args.database, args);
    this.connectionSecret = { name: secret.metadata.name, key: connectionKeys.geocube };
    this.queueConnectionSecret = { name: secret.metadata.name, key: connectionKeys.queue };
    this.digest = secretDigest(connections.client, databaseRoots(args.database, args));
    this.caMount = databaseCaMount();
    this.maxConnections = args.database.maxConnections;
    const port = pulumi.unsecret(connections.client.apply((client) => client.port));
    databaseNetworkPolicies(scope, { type: args.database.type, clients: args.clients, jobs: jobs(args), port });
    this.ready = [ca, secret, ...bootstrapped(scope, args, { ...connections, secretName: secret.metadata.name, ca })];
    this.registerOutputs({ digest: this.digest });
  }
}

function jobs(args: GeocubeDatabaseArgs): ("schema" | "backup")[] {
  const { database } = args;
  const backup = database.type === "builtIn" && database.backup !== undefined;
  return [...(bootstraps(args) ? (["schema"] as const) : []), ...(backup ? (["backup"] as const) : [])];
}

interface Bootstrap extends DatabaseConnections {
  /** Name of the Secret with the role's password. */
  readonly secretName: pulumi.Output<string>;
  readonly ca: pulumi.Resource;
}

/** The server where it is built in, and the Job that makes the schema; nothing where others did. */
function bootstrapped(
  scope: DatabaseScope,
  args: GeocubeDatabaseArgs,
  { administrator, client, secretName, ca }: Bootstrap,
): pulumi.Resource[] {
  const { database, schema, imagePullSecrets } = args;
  if (!bootstraps(args) || administrator === undefined || schema === undefined) return [];
  const secret = administratorSecret(scope, administrator);
  const administratorName = secret.metadata.name;
  const password = administrator.apply((connection) => connection.password);
  const servers = database.type === "builtIn" ? [databaseServer(scope, { ...args, database, administrator: secret, password })] : [];
  if (database.type === "builtIn" && database.backup !== undefined) {
    databaseBackup(scope, { database, backup: database.backup, imagePullSecrets, administratorName });
  }
  const connectionDigest = secretDigest(administrator, client);
  const names = { administratorName, connectionName: secretName, connectionDigest };
  return [schemaJob(scope, { schema, pods: database, imagePullSecrets, ...names, dependsOn: [...servers, ca] })];
}
