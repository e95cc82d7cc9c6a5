import * as k8s from "@pulumi/kubernetes";
import { restrictedContainerSecurityContext, restrictedPodSecurityContext } from "../platform/workload";
import { configurationKey, registryPaths } from "./imageRegistryConfiguration";
import { type RegistryScope, registryLabels, registryName } from "./imageRegistryScope";
import { dataPath, type RegistryStorage } from "./imageRegistryStorage";

export interface GarbageCollectionArgs {
  /** When the registry is started again to collect it, in the five fields of cron, UTC. */
  readonly schedule: string;
  /** Whether manifests that no tag names are garbage; images that are pulled by digest alone would go with them. @default false */
  readonly deleteUntagged: boolean;
  /** An image with kubectl in its PATH, with version or digest. @default a pinned version of registry.k8s.io/kubectl */
  readonly image: string;
}

/** What the collector goes through; without them, where nobody has pushed yet, it would fail. */
const collected = ["repositories", "blobs"].map((folder) => `${dataPath}/docker/registry/v2/${folder}`).join(" ");

type Container = k8s.types.input.core.v1.Container;

/**
 * Collects the garbage before the registry starts. The old pod has ended by then and no other serves, so nobody uploads what the collector,
 * which looks at the storage only once, would take for garbage. The registry starts even if it fails.
 * @see https://distribution.github.io/distribution/about/garbage-collection/
 */
export function garbageCollector(
  shared: Pick<Container, "env" | "securityContext"> & { readonly image: string },
  volumeMounts: NonNullable<Container["volumeMounts"]>,
  { deleteUntagged, storage }: Pick<GarbageCollectionArgs, "deleteUntagged"> & { readonly storage: RegistryStorage },
): Container {
  const collect = `registry garbage-collect ${deleteUntagged ? "--delete-untagged " : ""}${registryPaths.configuration}/${configurationKey}`;
  const prepare = storage.type === "volume" ? `mkdir -p ${collected} && ` : "";
  return {
    ...shared,
    name: "garbage-collection",
    command: ["/bin/sh", "-c", `${prepare}${collect} || echo "garbage was not collected; the registry starts with it"`],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "1Gi" } },
    volumeMounts,
  };
}

const collectionName = `${registryName}-garbage-collection`;

/** The kubectl image names no user; kubectl itself runs as any. */
const user = 65_532;

/** Starts the registry again, on time: its pod collects the garbage first. It may do so with this one Deployment, and nothing else. */
export function garbageCollection(scope: RegistryScope, args: GarbageCollectionArgs): void {
  const { name, namespace, opts } = scope;
  const metadata = { name: collectionName, namespace, labels: registryLabels(scope) };
  const account = new k8s.core.v1.ServiceAccount(
    `${name}-garbage-collection-service-account`,
    { metadata, automountServiceAccountToken: false },
    opts,
  );
  const rules = [{ apiGroups: ["apps"], resources: ["deployments"], resourceNames: [registryName], verbs: ["get", "patch"] }];
  const role = new k8s.rbac.v1.Role(`${name}-garbage-collection-role`, { metadata, rules }, opts);
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name };
  const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace }];
  const binding = new k8s.rbac.v1.RoleBinding(`${name}-garbage-collection-role-binding`, { metadata, roleRef, subjects }, opts);
  new k8s.batch.v1.CronJob(
    `${name}-garbage-collection`,
    {
      metadata,
      spec: {
        schedule: args.schedule,
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 1,
        jobTemplate: { spec: { backoffLimit: 2, template: { metadata: { labels: jobLabels(scope) }, spec: restarter(args) } } },
      },
    },
    { ...opts, dependsOn: binding },
  );
}

/** Not those of the registry's pod, which its Service and its Deployment select. */
function jobLabels({ name }: RegistryScope): Record<string, string> {
  return { "app.kubernetes.io/name": collectionName, "app.kubernetes.io/instance": name, "app.kubernetes.io/part-of": "trustplane" };
}

function restarter({ image }: GarbageCollectionArgs): k8s.types.input.core.v1.PodSpec {
  return {
    serviceAccountName: collectionName,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    restartPolicy: "Never",
    securityContext: restrictedPodSecurityContext(user),
    containers: [
      {
        name: "restart",
        image,
        command: ["kubectl", "rollout", "restart", `deployment/${registryName}`],
        resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
        securityContext: restrictedContainerSecurityContext(),
      },
    ],
  };
}
