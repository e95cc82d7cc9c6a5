import * as k8s from "@pulumi/kubernetes";
import { GeocubeDatabase } from "../../components/geocube/database";
import { clusterProvider } from "../../components/platform/clusterProvider";
import { platformOf } from "../../components/platform/platform";
import { readConfig } from "../../config/readConfig";
import { builtIn, client, schema } from "../unit/geocubeDatabaseFixture";

/** A platform with a database and its backup, in a namespace that admits nothing below the level restricted. */
export async function program(): Promise<Record<string, never>> {
  const config = await readConfig();
  const provider = clusterProvider(config.cluster);
  const { identifier, bundle, generations, issuerRef } = platformOf(config.cluster.identifier, config.platform, { provider });
  const metadata = { name: "geocube", labels: { "pod-security.kubernetes.io/enforce": "restricted" } };
  const namespace = new k8s.core.v1.Namespace("namespace", { metadata }, { provider, retainOnDelete: true }).metadata.name;
  const volume = { size: "1Gi", storageClass: "local-path" };
  const database = { ...builtIn, storage: volume, backup: { ...volume, schedule: "17 2 * * *", keep: 7 } };
  const trust = { identifier, bundle, generations, issuerRef };
  new GeocubeDatabase("database", { ...trust, namespace, database, schema, imagePullSecrets: [], clients: [client] }, { provider });
  return {};
}
