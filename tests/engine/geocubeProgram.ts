import * as pulumi from "@pulumi/pulumi";
import { Geocube } from "../../components/geocube/geocube";
import { clusterProvider } from "../../components/platform/clusterProvider";
import { DynamicProviders } from "../../components/platform/dynamicProviders";
import { platformOf } from "../../components/platform/platform";
import { readConfig } from "../../config/readConfig";
import { preflight } from "../../preflight/preflight";

/** A platform with Geocube, beside a database of others whose password the environment tells. */
export async function program(): Promise<Record<string, pulumi.Input<unknown>>> {
  const config = await readConfig();
  await preflight(config);
  const { cluster, geocube } = config;
  if (geocube === undefined) throw new Error("the stack has no section geocube");
  const provider = clusterProvider(cluster);
  const platform = platformOf(cluster.identifier, config.platform, { provider });
  const { maxConnections, image, runAsUser, nodeSelector, tolerations } = geocube.database;
  const password = process.env.GEOCUBE_PASSWORD ?? "first";
  const connection = pulumi.secret(`postgres://geocube:${password}@db.example.org:5432/geocube`);
  const pods = { image, runAsUser, nodeSelector, tolerations };
  const database = { ...pods, type: "external" as const, connection, bootstrap: false, maxConnections };
  const providers = [provider, new DynamicProviders("dynamic-providers")];
  const { address } = new Geocube("geocube", { ...geocube, database, schema: undefined, platform, cluster }, { providers });
  return { address };
}
