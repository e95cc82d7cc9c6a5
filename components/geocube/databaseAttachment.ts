import { type Attachment, attachment } from "./attachment";
import type { GeocubeDatabase, SecretKey } from "./database";
import { queueVariable } from "./messaging";

/** The database's connection in the apiserver's environment; the kubelet puts it in an argument's place. */
export const databaseVariable = "GEOCUBE_DATABASE_CONNECTION";

type Database = Pick<GeocubeDatabase, "connectionSecret" | "queueConnectionSecret" | "digest" | "ready" | "caMount">;

/** The server's own connection, and the queue's where that is in the same database. */
export function databaseAttachment(database: Database, withQueue: boolean): Attachment {
  const variables = {
    [databaseVariable]: database.connectionSecret,
    ...(withQueue ? { [queueVariable]: database.queueConnectionSecret } : {}),
  };
  return connected(database, variables);
}

/** The connection of those who are told of work alone; nothing where others tell them. */
export function queueAttachment(database: Database, withQueue: boolean): Attachment {
  return withQueue ? connected(database, { [queueVariable]: database.queueConnectionSecret }) : attachment({});
}

function connected({ digest, ready, caMount }: Database, variables: Readonly<Record<string, SecretKey>>): Attachment {
  return attachment({
    env: Object.entries(variables).map(([name, secretKeyRef]) => ({ name, valueFrom: { secretKeyRef } })),
    volumes: [caMount.volume],
    mounts: [caMount.volumeMount],
    revision: { database: digest },
    dependsOn: ready,
  });
}
