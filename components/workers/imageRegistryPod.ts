import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { tlsProxy } from "../platform/tlsProxy";
import { podDefaults, restrictedContainerSecurityContext, volumePodSecurityContext } from "../platform/workload";
import { configurationKey, drainSeconds, registryPaths, registryPort, serverPort } from "./imageRegistryConfiguration";
import { type GarbageCollectionArgs, garbageCollector } from "./imageRegistryGarbage";
import { registryName } from "./imageRegistryScope";
import { type RegistryStorage, storageEnvironment, storageMounts } from "./imageRegistryStorage";

type Quantities = Readonly<Record<string, string>>;

export interface RegistryPodArgs {
  /** The distribution registry's image, version 3, with version or digest; it has a shell and `wget`. */
  readonly image: string;
  /** The image of the nginx that ends TLS before it, with version or digest. */
  readonly nginxImage: string;
  /** A user above 0; registry and nginx run as any. @default 65532 */
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
  const tls = tlsProxy({ ...scope, ...clients, image: args.nginxImage, readinessProbe: answers });
  return {
    // without a Service's variables: REGISTRY_PORT among them would be read as configuration
    ...podDefaults(args),
    serviceAccountName: scope.serviceAccountName,
    securityContext: volumePodSecurityContext({ runAsUser: args.runAsUser }),
    terminationGracePeriodSeconds: drainSeconds + 10,
    initContainers: garbageCollection && [
      garbageCollector(shared, [configurationMount, ...storage], { ...garbageCollection, storage: args.storage }),
    ],
    containers: [{ ...shared, ...container(args), volumeMounts: [...volumeMounts, ...storage] }, tls.container],
    volumes: [...volumes(scope), ...tls.volumes, ...mounts.map(({ volume }) => volume)],
  };
}

const clients = { protocol: "http", port: registryPort, portName: "https" } as const;

/** Asks the registry by nginx; of the kind that it had without, because another one beside it would fail a preview's dry run. */
const answers = { httpGet: { path: "/", port: registryPort, scheme: "HTTPS" }, periodSeconds: 5 };

/** Asks the registry itself, which listens within the pod alone. */
const alive = ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${serverPort}/`];

function container({ resources }: RegistryPodArgs): Omit<k8s.types.input.core.v1.Container, "image"> {
  return {
    name: registryName,
    command: ["registry", "serve", `${registryPaths.configuration}/${configurationKey}`],
    resources,
    readinessProbe: answers,
    livenessProbe: { exec: { command: alive }, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
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

const volumeMounts = [configurationMount, { name: "users", mountPath: registryPaths.users, readOnly: true }];

function volumes({ configMapName, usersSecretName }: RegistryPodScope): k8s.types.input.core.v1.Volume[] {
  return [
    { name: "configuration", configMap: { name: configMapName, items: [{ key: configurationKey, path: configurationKey }] } },
    { name: "users", secret: { secretName: usersSecretName, defaultMode: 0o440, items: [{ key: "htpasswd", path: "htpasswd" }] } },
  ];
}
