import { spawn } from "node:child_process";
import * as path from "node:path";
import type { Run } from "../engine/projectCopy";
import { type DevStack, devStack } from "../node/devStack";
import { geocubeImage, geocubeImages } from "../node/images/geocubeImages";
import { bottleFolder } from "../node/machine";
import { allReady } from "../node/podStates";

const modest = { requests: { cpu: "20m", memory: "64Mi" } };
const part = (name: Parameters<typeof geocubeImage>[0]): object => ({ image: geocubeImage(name), resources: modest });

/** Its section: everything that it can be without a cloud, with less of the nodes than it asks for by itself. */
const section = {
  database: {
    type: "builtIn",
    storage: { size: "1Gi", storageClass: "local-path" },
    resources: modest,
    backup: { size: "1Gi", storageClass: "local-path", keep: 2 },
    schema: {
      version: "1.1.0",
      create: { file: "local/geocube/create.sql" },
      queue: { file: "local/geocube/create_table.sql" },
    },
  },
  storage: { type: "volume", storageClass: "shared", size: "1Gi" },
  clientNamespaces: ["default"],
  apiserver: part("server"),
  consolidater: part("consolidater"),
  autoscaler: { ...part("autoscaler"), update: "2s", max: 4 },
  downloader: part("downloader"),
};

/** Kills, once, the container whose initdb has written the first file of a data directory. */
const killer = `until ls "$0"/*/pgdata.begun/PG_VERSION > /dev/null 2>&1; do sleep 0.05; done
for process in /proc/[0-9]*; do
  [ "$(cat "$process/comm")" != initdb ] || kill -KILL "$(sed -n 's/^PPid:\\t//p' "$process/status")"
done`;

let started: Promise<DevStack> | undefined;

async function start(): Promise<DevStack> {
  const dev = await devStack();
  await dev.cluster.addImages(geocubeImages);
  spawn("sh", ["-c", killer, path.join(bottleFolder(), "volumes")], { stdio: "ignore" });
  await bringUp(dev);
  return dev;
}

/** Brings Geocube up, where it is not; with these values of its own. */
export async function bringUp(dev: DevStack, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  dev.stack.configure({ "trustplane:geocube": section, ...more });
  dev.stack.run("up").expect(0);
  await allReady(dev.cluster);
}

/** Takes Geocube out of the stack. */
export function takeDown(dev: DevStack): Run {
  dev.stack.configure({ "trustplane:geocube": undefined });
  const passwords = ["client", "administrator"].flatMap((whose) => ["--allow-replace", `geocube-database-${whose}-password`]);
  return dev.stack.run("up", "--allow-mass-delete", ...passwords);
}

/** The stack `dev` on nodes with Geocube, whose database was killed in the middle of its first start. */
export function geocubeStack(): Promise<DevStack> {
  started ??= start();
  return started;
}

/** Runs kubectl in Geocube's namespace. */
export function inGeocube({ cluster }: DevStack, ...args: readonly string[]): string {
  return cluster.kubectl("--namespace", "geocube", ...args);
}

/** Asks the database as its superuser. */
export function sql(dev: DevStack, text: string): string {
  const psql = ["psql", "--username=postgres", "--dbname=geocube", "--no-align", "--tuples-only", "--quiet"];
  return inGeocube(dev, "exec", "geocube-database-0", "--container=postgres", "--", ...psql, `--command=${text}`);
}

/** Names of the pods that the autoscaler has made. */
export function workers(dev: DevStack): readonly string[] {
  const names = inGeocube(dev, "get", "pods", "--selector=go-k8s-pod-rc=consolidater", "-o", "jsonpath={.items[*].metadata.name}");
  return names.split(" ").filter(Boolean);
}
