import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { GeocubeDatabase, type GeocubeDatabaseArgs } from "../../components/geocube/database";
import type { BuiltInDatabase, ExternalDatabase } from "../../components/geocube/databaseChoice";
import type { SchemaSource, SqlScript } from "../../components/geocube/schemaSource";
import { clusterIssuerRef } from "../../components/platform/certificates";
import { type Deployment, deploy, type Outputs } from "../deployment";
import { platformOutputs } from "../platformOutputs";

/** PEM of the platform's root. */
export const root = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";

const same = (): Record<string, unknown> => ({});

const outputs: Outputs = {
  ...platformOutputs(root),
  "kubernetes:core/v1:PersistentVolumeClaimPatch": same,
  "kubernetes:apps/v1:StatefulSet": same,
  "kubernetes:batch/v1:Job": same,
  "kubernetes:batch/v1:CronJob": same,
};

/** A script known by its checksum. */
export function script(text: string): SqlScript {
  return { sha256: createHash("sha256").update(text).digest("hex"), text };
}

/** Scripts that say what they are. */
export const schema: SchemaSource = { version: "1.1.0", create: script("CREATE"), queue: script("QUEUE"), updates: [] };

const pods = { image: "docker.io/postgis/postgis:17-3.5", runAsUser: 999, nodeSelector: {}, tolerations: [] };

/** A server in the cluster as its defaults make it. */
export const builtIn: BuiltInDatabase = {
  type: "builtIn",
  ...pods,
  majorVersion: 17,
  maxConnections: 1024,
  storage: { size: "50Gi" },
  protect: false,
  certificate: { duration: "2160h" },
  resources: { requests: { cpu: "500m" }, limits: { memory: "8Gi" } },
};

/** A server of others, by the connection of its administrator. */
export function external(changes: Partial<ExternalDatabase> = {}): ExternalDatabase {
  const connection = pulumi.secret("postgres://admin:p%40ss@db.example.org:6432/cube");
  return { type: "external", ...pods, maxConnections: 200, bootstrap: true, connection, ...changes };
}

/** The labels of a client. */
export const client = { "app.kubernetes.io/component": "apiserver" };

/** A database named `database`, in the namespace `geocube`; passwords are numbered from `firstPassword`. */
export async function database(
  changes: Partial<GeocubeDatabaseArgs> = {},
  roots = root,
  firstPassword = 1,
): Promise<Deployment<GeocubeDatabase>> {
  const settled: GeocubeDatabaseArgs = {
    identifier: "lab",
    bundle: roots,
    generations: [1],
    issuerRef: clusterIssuerRef("trustplane-lab-ca-1"),
    namespace: "geocube",
    database: builtIn,
    schema,
    imagePullSecrets: ["registry"],
    clients: [client],
  };
  return deploy(() => new GeocubeDatabase("database", { ...settled, ...changes }), { ...outputs, ...passwords(firstPassword) });
}

/** Letters and digits, another one for each. */
function passwords(first: number): Outputs {
  let next = first;
  return { "random:index/randomPassword:RandomPassword": () => ({ result: `password${next++}` }) };
}
