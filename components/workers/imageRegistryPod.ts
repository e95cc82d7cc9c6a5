import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { podDefaults, restrictedContainerSecurityContext, volumePodSecurityContext } from "../platform/workload";
import { configurationKey, drainSeconds, registryPaths, registryPort } from "./imageRegistryConfiguration";
import { type GarbageCollectionArgs, garbageCollector } from "./imageRegistryGarbage";
import { registryName } from "./imageRegistryScope";
import { type RegistryStorage, storageEnvironment, storageMounts } from "./imageRegistryStorage";

type Quantities = Readonly<Record<string, string>>;

export interface RegistryPodArgs {
  /** The distribution registry's image, version 3, with version or digest; it has a shell, `cp` and `cmp`. */
  readonly image: string;
  /** A user above 0; the registry runs as any. @default 65532 */
  readonly runAsUser: number;
  /** Names of pull secrets in the registry's namespace. @default [] */
  readonly imagePullSecrets: readonly string[];
  /** @default 100m and 128Mi, at most 1Gi */
  readonly resources: { readonly requests: Quantities; readonly limits: Quantities };
  /** Labels of nodes that the registry may run on. @default {} */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Taints that the registry bears. @default [] */
  readonly tolerations: readonly k8s.types.input.core.v1.Toleration[];
  readonly storage: RegistryStorage;
  /** @default none: what is deleted stays on the storage */
  readonly garbageCollection?: GarbageCollectionArgs;
}

/** What the pod needs of the objects around it. */
export interface RegistryPodScope {
  readonly serviceAccountName: pulumi.Input<string>;
  readonly configMapName: pulumi.Input<string>;
  /** Secret with `htpasswd` and `http-secret`. */
  readonly usersSecretName: pulumi.Input<string>;
  /** Secret with the leaf. */
  readonly leafSecretName: string;
  /** The data volume's claim; absent for an object store. */
  readonly claimName?: pulumi.Input<string>;
}

/** The registry's pod, at the level *restricted* and without a token: it asks nothing of Kubernetes. */
export function registryPod(args: RegistryPodArgs, scope: RegistryPodScope): k8s.types.input.core.v1.PodSpec {
  const { garbageCollection } = args;
  const mounts = storageMounts(args.storage, scope.claimName);
  const shared = { image: args.image, env: environment(args, scope), securityContext: restrictedContainerSecurityContext() };
  const storage = mounts.map(({ mount }) => mount);
  return {
    // without a Service's variables: REGISTRY_PORT among them would be read as configuration
    ...podDefaults(args),
    serviceAccountName: scope.serviceAccountName,
    securityContext: volumePodSecurityContext({ runAsUser: args.runAsUser }),
    terminationGracePeriodSeconds: drainSeconds + 10,
    initContainers: garbageCollection && [
      garbageCollector(shared, [configurationMount, ...storage], { ...garbageCollection, storage: args.storage }),
    ],
    containers: [{ ...shared, ...container(args), volumeMounts: [...volumeMounts, ...storage] }],
    volumes: [...volumes(scope), ...mounts.map(({ volume }) => volume)],
  };
}

/** The leaf that the process has read. */
const servedLeaf = "/tmp/served.crt";
const mountedLeaf = `${registryPaths.certificate}/tls.crt`;

/**
 * The registry reads its leaf once, so what it read is noted, and it starts again when cert-manager has renewed it. `-f`, because the note of
 * an earlier start outlives its container, and nobody may write to it, as to the leaf itself.
 */
export const startCommand = [
  "/bin/sh",
  "-c",
  `cp -f ${mountedLeaf} ${servedLeaf} && exec registry serve ${registryPaths.configuration}/${configurationKey}`,
];

/** Fails once the mounted leaf is another one than is served. */
export const leafProbe = ["cmp", "-s", mountedLeaf, servedLeaf];

function container({ resources }: RegistryPodArgs): Omit<k8s.types.input.core.v1.Container, "image"> {
  return {
    name: registryName,
    command: startCommand,
    ports: [{ name: "https", containerPort: registryPort, protocol: "TCP" }],
    resources,
    readinessProbe: { httpGet: { path: "/", port: "https", scheme: "HTTPS" }, periodSeconds: 5 },
    livenessProbe: { exec: { command: leafProbe }, periodSeconds: 20, timeoutSeconds: 5 },
  };
}

/** The registry would make up a secret, and end the uploads that it had signed with it, at each start. */
function environment({ storage }: RegistryPodArgs, { usersSecretName }: RegistryPodScope): k8s.types.input.core.v1.EnvVar[] {
  return [
    { name: "REGISTRY_HTTP_SECRET", valueFrom: { secretKeyRef: { name: usersSecretName, key: "http-secret" } } },
    // version 3 would send traces to localhost
    { name: "OTEL_TRACES_EXPORTER", value: "none" },
    ...storageEnvironment(storage),
  ];
}

const configurationMount = { name: "configuration", mountPath: registryPaths.configuration, readOnly: true };

const volumeMounts = [
  configurationMount,
  // whole directories: a file mounted by subPath never follows a renewed Secret
  { name: "certificate", mountPath: registryPaths.certificate, readOnly: true },
  { name: "users", mountPath: registryPaths.users, readOnly: true },
  { name: "tmp", mountPath: "/tmp" },
];

function volumes({ configMapName, leafSecretName, usersSecretName }: RegistryPodScope): k8s.types.input.core.v1.Volume[] {
  return [
    { name: "configuration", configMap: { name: configMapName } },
    { name: "certificate", secret: { secretName: leafSecretName, defaultMode: 0o440 } },
    { name: "users", secret: { secretName: usersSecretName, defaultMode: 0o440, items: [{ key: "htpasswd", path: "htpasswd" }] } },
    { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
  ];
}
