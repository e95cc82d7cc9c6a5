import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { keptClaim } from "../platform/keptObjects";
import type { BuiltInDatabase, DatabaseBackup } from "./databaseChoice";
import { databaseClientPod } from "./databaseClient";
import { databaseLabels, databaseName, type DatabaseScope } from "./databaseScope";

export interface DatabaseBackupArgs {
  readonly database: BuiltInDatabase;
  readonly backup: DatabaseBackup;
  readonly imagePullSecrets: readonly string[];
  /** The Secret with the administrator's connection. */
  readonly administratorName: pulumi.Input<string>;
}

/** Name of the CronJob and of the claim with the dumps. */
export const databaseBackupName = `${databaseName}-backup`;

const folder = "/backup";

/** A dump that is not done by then never is. */
const deadlineSeconds = 6 * 3600;

/**
 * Dumps the database into a file of its own, which has its name only when it is whole, and drops the oldest ones. Runs beside others of its
 * kind: what a killed one has left goes once nobody can be writing it.
 *
 * Arguments: the folder, how many dumps stay, and the minutes after which no Job runs any more. @see https://www.postgresql.org/docs/current/app-pgdump.html
 */
export const backupScript = `set -eu
folder=$1 keep=$2 minutes=$3
umask 077
find "$folder" -maxdepth 1 -name '.partial*' -mmin "+$minutes" -exec rm -f {} +
partial=$(mktemp "$folder/.partial.XXXXXX")
trap 'rm -f "$partial"' EXIT
pg_dump --format=custom --file="$partial"
dump=$folder/geocube-$(date -u +%Y%m%dT%H%M%SZ).dump
mv -f "$partial" "$dump"
echo "wrote $dump"
ls -1r "$folder"/geocube-*.dump | tail -n "+$((keep + 1))" | while read -r old; do
  rm -f "$old"
  echo "dropped $old"
done
`;

/** A CronJob that dumps the database into a volume whose claim stays on destroy, as the database's does. */
export function databaseBackup(scope: DatabaseScope, args: DatabaseBackupArgs): k8s.batch.v1.CronJob {
  const { name, namespace, opts } = scope;
  const { backup, database, imagePullSecrets, administratorName } = args;
  const labels = databaseLabels(scope, "backup");
  const volume = { size: backup.size, storageClass: backup.storageClass, accessMode: "ReadWriteOnce" } as const;
  keptClaim(`${name}-backups`, { ...volume, namespace, labels, claimName: databaseBackupName, protect: database.protect }, opts);
  const pod = databaseClientPod({
    pods: database,
    imagePullSecrets,
    administratorName,
    script: backupScript,
    scriptArguments: [folder, String(backup.keep), String(deadlineSeconds / 60)],
    volumes: [
      {
        volume: { name: "backup", persistentVolumeClaim: { claimName: databaseBackupName } },
        volumeMount: { name: "backup", mountPath: folder },
      },
    ],
  });
  const jobTemplate = { spec: { backoffLimit: 2, activeDeadlineSeconds: deadlineSeconds, template: { metadata: { labels }, spec: pod } } };
  return new k8s.batch.v1.CronJob(
    `${name}-backup`,
    {
      metadata: { name: databaseBackupName, namespace, labels },
      spec: { schedule: backup.schedule, timeZone: "Etc/UTC", concurrencyPolicy: "Forbid", startingDeadlineSeconds: 3600, jobTemplate },
    },
    opts,
  );
}
