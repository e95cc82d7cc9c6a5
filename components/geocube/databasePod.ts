import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { podDefaults, restrictedContainerSecurityContext, volumePodSecurityContext } from "../platform/workload";
import type { BuiltInDatabase, DatabasePods } from "./databaseChoice";
import { dataDirectoryScript, dataPaths } from "./dataDirectory";
import { administrator, companionScript, databasePort, serverArguments, serverPaths } from "./databaseConfiguration";

/** What every pod of the database has in common. */
export function databasePodBase(
  { runAsUser, nodeSelector, tolerations }: DatabasePods,
  imagePullSecrets: readonly string[],
): Omit<k8s.types.input.core.v1.PodSpec, "containers"> {
  return {
    ...podDefaults({ imagePullSecrets, nodeSelector, tolerations }),
    securityContext: volumePodSecurityContext({ runAsUser }),
  };
}

/** What the server's pod needs of the objects around it. */
export interface ServerPodScope {
  readonly imagePullSecrets: readonly string[];
  readonly serviceAccountName: pulumi.Input<string>;
  readonly claimName: pulumi.Input<string>;
  /** The leaf's Secret. */
  readonly certificateName: string;
  /** The ConfigMap with pg_hba.conf. */
  readonly configurationName: pulumi.Input<string>;
  /** The Secret with the superuser's password. */
  readonly administratorName: pulumi.Input<string>;
}

/** How long the server may take to write what it has in memory. */
const shutdownSeconds = 120;

/** How often the companion looks for a renewed certificate. */
const certificateSeconds = 60;

/** The server, what makes its data, and its companion. PostgreSQL takes a key that root owns and the group reads, which is how a Secret is mounted with `fsGroup`. */
export function serverPod(database: BuiltInDatabase, scope: ServerPodScope): k8s.types.input.core.v1.PodSpec {
  const memory = (sizeLimit: string): k8s.types.input.core.v1.EmptyDirVolumeSource => ({ medium: "Memory", sizeLimit });
  return {
    ...databasePodBase(database, scope.imagePullSecrets),
    serviceAccountName: scope.serviceAccountName,
    terminationGracePeriodSeconds: shutdownSeconds,
    initContainers: [dataDirectory(database)],
    containers: [server(database), companion(database, scope)],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: scope.claimName } },
      { name: "certificate", secret: { secretName: scope.certificateName, defaultMode: 0o440 } },
      { name: "configuration", configMap: { name: scope.configurationName } },
      { name: "socket", emptyDir: { sizeLimit: "16Mi" } },
      { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
      // parallel queries share more than the 64 MiB that a container has there
      { name: "shared-memory", emptyDir: memory("256Mi") },
    ],
  };
}

function dataDirectory({ image, majorVersion, resources }: BuiltInDatabase): k8s.types.input.core.v1.Container {
  const { mount, data } = dataPaths(majorVersion);
  return {
    name: "data-directory",
    image,
    command: ["sh", "-c", dataDirectoryScript, "data-directory"],
    args: [data, administrator.user],
    securityContext: restrictedContainerSecurityContext(),
    resources,
    volumeMounts: [
      { name: "data", mountPath: mount },
      { name: "tmp", mountPath: "/tmp" },
      { name: "shared-memory", mountPath: "/dev/shm" },
    ],
  };
}

/** Asks for the database itself, without which the server is of no use to anybody. */
const readyCommand = [
  "psql",
  "--no-psqlrc",
  "--quiet",
  `--host=${serverPaths.socket}`,
  `--username=${administrator.user}`,
  `--dbname=${administrator.database}`,
  "--command=SELECT 1",
];

function server(database: BuiltInDatabase): k8s.types.input.core.v1.Container {
  const { mount, data } = dataPaths(database.majorVersion);
  const probe = { exec: { command: ["pg_isready", "--quiet", "--host=127.0.0.1", `--port=${databasePort}`] }, timeoutSeconds: 5 };
  return {
    name: "postgres",
    image: database.image,
    args: serverArguments(database),
    env: [{ name: "PGDATA", value: data }],
    ports: [{ name: "postgresql", containerPort: databasePort, protocol: "TCP" }],
    securityContext: restrictedContainerSecurityContext(),
    resources: database.resources,
    startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 120 },
    readinessProbe: { exec: { command: readyCommand }, timeoutSeconds: 5, periodSeconds: 10 },
    livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 6 },
    volumeMounts: [
      { name: "data", mountPath: mount },
      { name: "certificate", mountPath: serverPaths.certificate, readOnly: true },
      { name: "configuration", mountPath: serverPaths.configuration, readOnly: true },
      { name: "socket", mountPath: serverPaths.socket },
      { name: "tmp", mountPath: "/tmp" },
      { name: "shared-memory", mountPath: "/dev/shm" },
    ],
  };
}

function companion({ image }: BuiltInDatabase, { administratorName }: ServerPodScope): k8s.types.input.core.v1.Container {
  return {
    name: "companion",
    image,
    command: ["sh", "-c", companionScript, "companion"],
    args: [`${serverPaths.certificate}/tls.crt`, String(certificateSeconds), administrator.database],
    env: [
      { name: "PGHOST", value: serverPaths.socket },
      { name: "PGUSER", value: administrator.user },
      { name: "PGDATABASE", value: "postgres" },
      { name: "ADMINISTRATOR_PASSWORD", valueFrom: { secretKeyRef: { name: administratorName, key: "PGPASSWORD" } } },
    ],
    securityContext: restrictedContainerSecurityContext(),
    resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "200m", memory: "64Mi" } },
    volumeMounts: [
      { name: "certificate", mountPath: serverPaths.certificate, readOnly: true },
      { name: "socket", mountPath: serverPaths.socket },
    ],
  };
}
