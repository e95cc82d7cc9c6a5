import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DatabasePods } from "./databaseChoice";
import { databaseClientPod } from "./databaseClient";
import { databaseLabels, databaseName, type DatabaseScope } from "./databaseScope";
import { schemaScript } from "./schemaScript";
import { schemaDigest, schemaScripts, type SchemaSource } from "./schemaSource";

export interface SchemaJobArgs {
  readonly schema: SchemaSource;
  readonly pods: DatabasePods;
  readonly imagePullSecrets: readonly string[];
  /** The Secret with the administrator's connection. */
  readonly administratorName: pulumi.Input<string>;
  /** The Secret with the password that the Job gives to Geocube's role, under the key `password`. */
  readonly connectionName: pulumi.Input<string>;
  /** Digest of both connections: another password is another Job. */
  readonly connectionDigest: pulumi.Input<string>;
  /** What must be there before it connects. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Digits of the digest in the Job's name. */
const nameDigits = 10;

/** An update may rewrite a large table. */
const deadlineSeconds = 3600;

const folder = "/schema";

/** The Job that makes the schema and Geocube's role, or brings them up to date. Made once it has run. */
export function schemaJob(scope: DatabaseScope, args: SchemaJobArgs): k8s.batch.v1.Job {
  const { name, namespace, opts } = scope;
  const metadata = { name: jobName(args), namespace, labels: databaseLabels(scope, "schema") };
  const template = { metadata: { labels: databaseLabels(scope, "schema") }, spec: podSpec(args, schemaConfigMap(scope, args)) };
  const dependsOn = [...args.dependsOn];
  return new k8s.batch.v1.Job(
    `${name}-schema`,
    { metadata, spec: { backoffLimit: 3, activeDeadlineSeconds: deadlineSeconds, template } },
    // awaited for as long as it may take
    { ...opts, dependsOn, customTimeouts: { create: `${deadlineSeconds + 60}s` } },
  );
}

function jobName({ schema, connectionDigest }: SchemaJobArgs): pulumi.Output<string> {
  return pulumi.output(connectionDigest).apply((connection) => {
    const digest = createHash("sha256").update(schemaDigest(schema, schemaScript)).update(connection).digest("hex");
    return `${databaseName}-schema-${digest.slice(0, nameDigits)}`;
  });
}

/** One for each schema, so that a Job that still runs keeps its own. */
function schemaConfigMap({ name, ...scope }: DatabaseScope, { schema }: SchemaJobArgs): pulumi.Output<string> {
  const objectName = `${databaseName}-schema-${schemaDigest(schema, schemaScript).slice(0, nameDigits)}`;
  const metadata = { name: objectName, namespace: scope.namespace, labels: databaseLabels({ name }) };
  const data = Object.fromEntries(Object.entries(schemaScripts(schema)).map(([file, { text }]) => [file, text]));
  return new k8s.core.v1.ConfigMap(`${name}-schema-scripts`, { metadata, data }, scope.opts).metadata.name;
}

function podSpec(args: SchemaJobArgs, configMapName: pulumi.Output<string>): k8s.types.input.core.v1.PodSpec {
  const { version, adopt = "", updates } = args.schema;
  return databaseClientPod({
    ...args,
    script: schemaScript,
    scriptArguments: [folder, version, adopt, ...updates.map((update) => update.version)],
    env: [{ name: "CLIENT_PASSWORD", valueFrom: { secretKeyRef: { name: args.connectionName, key: "password" } } }],
    volumes: [
      {
        volume: { name: "schema", configMap: { name: configMapName } },
        volumeMount: { name: "schema", mountPath: folder, readOnly: true },
      },
    ],
  });
}
