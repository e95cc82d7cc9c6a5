import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { podDefaults, restrictedContainerSecurityContext, volumePodSecurityContext } from "../platform/workload";
import type { BuiltInDatabase, DatabasePods } from "./databaseChoice";
import { administrator, companionScript, databasePort, dataPaths, serverArguments, serverPaths } from "./databaseConfiguration";

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

/** The server and its companion. PostgreSQL takes a key that root owns and the group reads, which is how a Secret is mounted with `fsGroup`. */
export function serverPod(database: BuiltInDatabase, scope: ServerPodScope): k8s.types.input.core.v1.PodSpec {
  const memory = (sizeLimit: string): k8s.types.input.core.v1.EmptyDirVolumeSource => ({ medium: "Memory", sizeLimit });
  return {
    ...databasePodBase(database, scope.imagePullSecrets),
    serviceAccountName: scope.serviceAccountName,
    terminationGracePeriodSeconds: shutdownSeconds,
    containers: [server(database, scope), companion(database, scope)],
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

function server(database: BuiltInDatabase, { administratorName }: ServerPodScope): k8s.types.input.core.v1.Container {
  const { mount, data } = dataPaths(database.majorVersion);
  // over TCP: while the image makes the database its server listens on the socket alone
  const probe = { exec: { command: ["pg_isready", "--quiet", "--host=127.0.0.1", `--port=${databasePort}`] }, timeoutSeconds: 5 };
  return {
    name: "postgres",
    image: database.image,
    args: serverArguments(database),
    env: [
      { name: "PGDATA", value: data },
      { name: "POSTGRES_USER", value: administrator.user },
      { name: "POSTGRES_DB", value: administrator.database },
      passwordVariable("POSTGRES_PASSWORD", administratorName),
    ],
    ports: [{ name: "postgresql", containerPort: databasePort, protocol: "TCP" }],
    securityContext: restrictedContainerSecurityContext(),
    resources: database.resources,
    startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 120 },
    readinessProbe: { ...probe, periodSeconds: 10 },
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
    args: [`${serverPaths.certificate}/tls.crt`, String(certificateSeconds)],
    env: [
      { name: "PGHOST", value: serverPaths.socket },
      { name: "PGUSER", value: administrator.user },
      { name: "PGDATABASE", value: "postgres" },
      passwordVariable("ADMINISTRATOR_PASSWORD", administratorName),
    ],
    securityContext: restrictedContainerSecurityContext(),
    resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { cpu: "200m", memory: "64Mi" } },
    volumeMounts: [
      { name: "certificate", mountPath: serverPaths.certificate, readOnly: true },
      { name: "socket", mountPath: serverPaths.socket },
    ],
  };
}

function passwordVariable(name: string, secretName: pulumi.Input<string>): k8s.types.input.core.v1.EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secretName, key: "PGPASSWORD" } } };
}
