import type { types } from "@pulumi/kubernetes";
import { Geocube, type GeocubeArgs } from "../../components/geocube/geocube";
import { clusterIssuerRef } from "../../components/platform/certificates";
import * as pulumi from "@pulumi/pulumi";
import { type Deployment, deploy, type Outputs } from "../deployment";
import { platformOutputs } from "../platformOutputs";

const same = (): Record<string, unknown> => ({});

/** The password that every random one is. */
export const password = "hunter2hunter2";

const outputs: Outputs = {
  ...platformOutputs(""),
  "random:index/randomPassword:RandomPassword": () => ({ result: password }),
  "kubernetes:core/v1:NamespacePatch": same,
  "kubernetes:core/v1:PersistentVolumeClaim": same,
  "kubernetes:core/v1:PersistentVolumeClaimPatch": same,
  "kubernetes:core/v1:ReplicationController": same,
  "kubernetes:apps/v1:StatefulSet": same,
  "kubernetes:batch/v1:Job": same,
  "kubernetes:batch/v1:CronJob": same,
  "kubernetes:rbac.authorization.k8s.io/v1:Role": same,
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": same,
  "pulumi-nodejs:dynamic/geocube:OrphanedObjects": same,
};

const pod = { resources: { requests: { cpu: "1m" }, limits: {} }, nodeSelector: {}, tolerations: [] };

/** The autoscaler with the seed's numbers. */
export const autoscaler = {
  ...pod,
  image: "registry.example.org/geocube-autoscaler:1.0.3",
  update: "30s",
  ratio: 1,
  minRatio: 1,
  step: 16,
  max: 199,
  min: 0,
};

/** A downloader as its defaults make it. */
export const downloader = {
  ...pod,
  image: "registry.example.org/geocube-downloader:1.0.3",
  replicas: 1,
  maxConnectionAge: 900,
  workers: 1,
  chunkSize: 1_048_576,
};

/** An emulator of Pub/Sub. */
export const emulator = {
  type: "pubsubEmulator",
  project: "geocube-emulator",
  image: "registry.example.org/google-cloud-cli:1-emulators",
} as const;

/** Pub/Sub with names that nothing else has. */
export const pubsub = {
  type: "pubsub",
  project: "my-project",
  consolidationsTopic: "orders-topic",
  consolidationsSubscription: "orders-pull",
  eventsTopic: "events-topic",
} as const;

/** Buckets, and who the pods are to Google. */
export const buckets = {
  storage: { type: "gcs", datasets: "gs://cubes/datasets", cancelledJobs: "gs://cubes/cancelled" },
  googleCredentials: { type: "key", key: '{"type":"service_account"}' },
} as const;

const settled: GeocubeArgs = {
  namespace: "geocube",
  protect: false,
  imagePullSecrets: ["registry"],
  securityContext: { runAsUser: 65_532 },
  database: {
    type: "external",
    connection: pulumi.secret("postgres://geocube:pa55@db.example.org:5432/geocube"),
    bootstrap: false,
    maxConnections: 1024,
    image: "docker.io/postgis/postgis:17-3.5",
    runAsUser: 999,
    nodeSelector: {},
    tolerations: [],
  },
  messaging: { type: "pgqueue" },
  storage: { type: "volume", mountPath: "/geocube-data", claimName: "geocube-data", size: "100Gi", accessMode: "ReadWriteMany" },
  raster: { blockSize: "1Mb", cachedBlocks: 500, threads: 1, storageDebug: false },
  certificate: { duration: "2160h", nginxImage: "nginx:1" },
  apiserver: { ...pod, image: "registry.example.org/geocube-server:1.0.3", replicas: 1, maxConnectionAge: 3600, workers: 1 },
  exposure: { type: "none" },
  allowedSources: [],
  clientNamespaces: ["science"],
  consolidater: {
    ...pod,
    image: "registry.example.org/geocube-consolidater:1.0.3",
    replicas: 0,
    retryCount: 1,
    workers: 1,
    scratch: { size: "20Gi" },
  },
  autoscaler,
  platform: { identifier: "lab", issuerRef: clusterIssuerRef("trustplane-lab-ca-1"), bundle: pulumi.output("ROOT"), generations: [1] },
  cluster: { kubeconfig: "/kube/config" },
};

/** A database in the cluster, with a schema of one line. */
export const builtIn = {
  database: {
    ...pod,
    type: "builtIn",
    majorVersion: 17,
    maxConnections: 1024,
    storage: { size: "50Gi" },
    protect: false,
    certificate: { duration: "2160h", nginxImage: "nginx:1" },
    image: "docker.io/postgis/postgis:17-3.5",
    runAsUser: 999,
  },
  schema: { version: "1.1.0", create: { sha256: "0a".repeat(32), text: "CREATE SCHEMA geocube;" }, updates: [] },
} as const;

/** Arguments without the autoscaler, whose work one pod of the ReplicationController does. */
export const unscaled = { autoscaler: undefined, consolidater: { ...settled.consolidater, replicas: 1 } } as const;

/** A Geocube named `geocube`, beside a database that others run. */
export async function geocube(changes: Partial<GeocubeArgs> = {}): Promise<Deployment<Geocube>> {
  return deploy(() => new Geocube("geocube", { ...settled, ...changes }), outputs);
}

/** The arguments with one part's changed. */
export function changed<Key extends "apiserver" | "consolidater" | "database" | "platform">(
  key: Key,
  changes: Partial<GeocubeArgs[Key]>,
): Partial<GeocubeArgs> {
  return { [key]: { ...settled[key], ...changes } };
}

/** Type and name of every child, sorted; without those of the database, which has tests of its own. */
export function children({ resources }: Deployment<unknown>): readonly string[] {
  return resources
    .filter(({ type, name }) => /^kubernetes:|^pulumi-nodejs:/.test(type) && !name.startsWith("geocube-database"))
    .map(({ type, name }) => `${type.split(":").at(-1) ?? type} ${name}`)
    .sort();
}

/** The pod of one of its workloads. */
export function podOf({ get }: Deployment<unknown>, name: string): types.output.core.v1.PodSpec {
  return (get(name).inputs["spec"] as types.output.apps.v1.DeploymentSpec).template.spec;
}

/** What the pods of each workload restart for. */
export function checksums({ resources }: Deployment<unknown>): Record<string, string | undefined> {
  const workloads = resources.filter(({ type }) => /:(Deployment|ReplicationController)$/.test(type));
  return Object.fromEntries(
    workloads.map(({ name, inputs }) => {
      const { template } = inputs["spec"] as types.output.apps.v1.DeploymentSpec;
      return [name, template.metadata.annotations["trustplane.dev/checksum"]];
    }),
  );
}
