import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { DatabaseChoice } from "./databaseChoice";
import { administrator, databasePort } from "./databaseConfiguration";
import { clientRole, connectionUrl, type DatabaseConnection, libpqEnvironment, parseConnection } from "./databaseConnection";
import { databaseLabels, databaseName, type DatabaseScope } from "./databaseScope";
import { databaseHost } from "./databaseServer";

type Connection = pulumi.Output<DatabaseConnection>;

/** The connections of one database, secret. */
export interface DatabaseConnections {
  /** Who makes schema and role; absent where others have made them. */
  readonly administrator?: Connection;
  /** Geocube's own. */
  readonly client: Connection;
}

/** The connections to a database; the passwords that it is given are letters and digits, so that they stand in an address as they are. */
export function databaseConnections(scope: DatabaseScope, choice: DatabaseChoice): DatabaseConnections {
  if (choice.type === "external" && !choice.bootstrap) return { client: choice.connection.apply(parseConnection) };
  const connection = choice.type === "external" ? choice.connection.apply(parseConnection) : builtInAdministrator(scope);
  const password = madePassword(`${scope.name}-client-password`, scope);
  const client = pulumi.all([connection, password]).apply(([given, made]) => ({ ...given, user: clientRole, password: made }));
  return { administrator: connection, client };
}

function builtInAdministrator(scope: DatabaseScope): Connection {
  const password = madePassword(`${scope.name}-administrator-password`, scope);
  return pulumi
    .all([databaseHost(scope), password])
    .apply(([host, made]) => ({ ...administrator, host, port: databasePort, password: made }));
}

function madePassword(name: string, { opts }: DatabaseScope): pulumi.Output<string> {
  return new random.RandomPassword(name, { length: 32, special: false }, opts).result;
}

/** The Secret with libpq's variables of the administrator. */
export function administratorSecret(scope: DatabaseScope, connection: Connection): k8s.core.v1.Secret {
  return secret(scope, "administrator", connection.apply(libpqEnvironment));
}

/** The keys of {@link connectionSecret}. */
export const connectionKeys = { geocube: "connection", queue: "queueConnection", password: "password" } as const;

/** The Secret with the connections as Geocube's programs take them, and with their password alone. */
export function connectionSecret(scope: DatabaseScope, connection: Connection): k8s.core.v1.Secret {
  const texts = connection.apply((client): Record<string, string> => ({
    [connectionKeys.geocube]: connectionUrl(client, { binaryParameters: true }),
    [connectionKeys.queue]: connectionUrl(client, { binaryParameters: false }),
    [connectionKeys.password]: client.password,
  }));
  return secret(scope, "connection", texts);
}

/** SHA-256 of secret values, which itself is none. */
export function secretDigest(...values: readonly pulumi.Input<unknown>[]): pulumi.Output<string> {
  const digest = pulumi.all([...values]).apply((plain) => createHash("sha256").update(JSON.stringify(plain)).digest("hex"));
  return pulumi.unsecret(digest);
}

function secret({ name, namespace, opts }: DatabaseScope, what: string, texts: pulumi.Output<Record<string, string>>): k8s.core.v1.Secret {
  const metadata = { name: `${databaseName}-${what}`, namespace, labels: databaseLabels({ name }) };
  // `data`, not `stringData`: only then does a refresh see that somebody changed the Secret
  const encoded = texts.apply((plain) =>
    Object.fromEntries(Object.entries(plain).map(([key, text]) => [key, Buffer.from(text).toString("base64")])),
  );
  return new k8s.core.v1.Secret(`${name}-${what}`, { metadata, data: pulumi.secret(encoded) }, opts);
}
