import * as k8s from "@pulumi/kubernetes";
import { type Attachment, attachedTogether } from "./attachment";
import { databaseVariable } from "./databaseAttachment";
import { geocubePod, partAccount, partDisruptionBudget, partMetadata, type PodArgs, type PodDefaults, podTemplate } from "./geocubePod";
import { geocubeSelector, type GeocubeScope } from "./geocubeScope";
import { type GeocubeStorage, storageFolders, storageUris } from "./geocubeStorage";
import { type GoogleCredentials, serviceAccountAnnotations } from "./googleCredentials";
import { apiserverQueueFlags, type Messaging } from "./messaging";
import { type RasterArgs, rasterFlags } from "./rasterFlags";
import { grpcPort, type ServerTls, serverTls, type ServerTlsArgs } from "./serverTls";

export interface ApiserverArgs extends PodArgs {
  /** @default 1 */
  readonly replicas: number;
  /** Seconds after which a client's connection is ended, so that it is balanced anew; the program takes less than 60 for 900. @default 3600 */
  readonly maxConnectionAge: number;
  /** Parallel workers of one request for a catalogue's image. @default 1 */
  readonly workers: number;
  /** Tokens of users, administrators and events. @default none: whoever connects may do everything */
  readonly tokens?: BearerTokens;
}

/** A secret of Google's Secret Manager, the only place from which the program reads tokens: JSON with the keys user, admin and event. */
export interface BearerTokens {
  /** The project of the secret, which is Pub/Sub's too where there is one. */
  readonly project: string;
  readonly secretName: string;
}

/** What the parts of one Geocube have in common. */
export interface GeocubeParts extends PodDefaults {
  readonly messaging: Messaging;
  readonly storage: GeocubeStorage;
  readonly raster: RasterArgs;
  readonly googleCredentials?: GoogleCredentials;
  /** TLS of the servers. @default none */
  readonly tls?: ServerTlsArgs;
}

/** Upstream's names. */
export const apiserverName = "apiserver";
export const apiserverServiceName = "apiserver-service";

/** One port for gRPC, for the catalogue's HTTP and for Pub/Sub's pushes. */
export const apiserverPort = grpcPort;

/** Until every node and load balancer knows that the pod goes: at SIGTERM the program ends at once. */
const withdrawalSeconds = 15;

/** What the server is made with beside its arguments. */
export interface ServerScope {
  readonly parts: GeocubeParts;
  /** DNS names and addresses by which clients outside the cluster connect. */
  readonly names: readonly string[];
  /** What it needs beside its certificate: database, storage, credentials. */
  readonly attached: readonly Attachment[];
}

/** The server that clients talk to; made once it is available. */
export function apiserver(scope: GeocubeScope, args: ApiserverArgs, { parts, names, attached }: ServerScope): k8s.apps.v1.Deployment {
  const serviceAccountName = partAccount(scope, "apiserver", apiserverName, serviceAccountAnnotations(parts.googleCredentials));
  const { maxConnectionAge } = args;
  const ready = { httpGet: { path: "/", port: "grpc", scheme: "HTTPS" } };
  const own = { part: "apiserver", serviceName: apiserverServiceName, maxConnectionAge, withdrawalSeconds, ready } as const;
  const tls = serverTls(scope, parts.tls, { ...own, names });
  const all = attachedTogether([...attached, tls.attachment]);
  const { sidecars } = tls;
  const rest = {
    serviceAccountName,
    sidecars,
    terminationGracePeriodSeconds: withdrawalSeconds + 15,
    ...storageFolders(args, parts.storage),
  };
  const spec = geocubePod(args, parts, all, container(args, parts, tls), rest);
  partDisruptionBudget(scope, "apiserver", args.replicas);
  return new k8s.apps.v1.Deployment(
    `${scope.name}-apiserver`,
    {
      metadata: partMetadata(scope, "apiserver", apiserverName),
      spec: {
        replicas: args.replicas,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        selector: { matchLabels: geocubeSelector(scope, "apiserver") },
        template: podTemplate(scope, "apiserver", all, spec),
      },
    },
    { ...scope.opts, dependsOn: [...all.dependsOn] },
  );
}

function container(args: ApiserverArgs, parts: GeocubeParts, { encrypted, programPort, ports }: ServerTls) {
  // any path that is nobody's is answered with "ok"
  const answers = { httpGet: { path: "/", port: programPort, scheme: "HTTP" } };
  // of the kind that it had without nginx: another one beside it would fail a preview's dry run
  const asked = { exec: { command: ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${programPort}/`] }, timeoutSeconds: 5 };
  return {
    name: apiserverName,
    args: [`-port=${programPort}`, ...apiserverFlags(args, parts)],
    ports,
    startupProbe: { ...answers, periodSeconds: 5, failureThreshold: 24 },
    readinessProbe: { ...answers, periodSeconds: 5 },
    livenessProbe: { ...(encrypted ? asked : answers), periodSeconds: 30, failureThreshold: 4 },
    lifecycle: { preStop: { exec: { command: ["sleep", String(withdrawalSeconds)] } } },
  };
}

/** Flags that start it; the connection goes in by the environment. @see https://github.com/airbusgeo/geocube/blob/main/cmd/server/main.go */
export function apiserverFlags(args: ApiserverArgs, { messaging, storage, raster }: GeocubeParts): string[] {
  const { datasets, cancelledJobs } = storageUris(storage);
  return [
    `-dbConnection=$(${databaseVariable})`,
    ...apiserverQueueFlags(messaging),
    `-ingestionStorage=${datasets}`,
    `-cancelledJobs=${cancelledJobs}`,
    `-maxConnectionAge=${args.maxConnectionAge}`,
    `-workers=${args.workers}`,
    ...tokenFlags(args.tokens, messaging),
    ...rasterFlags(raster, storage),
  ];
}

/** The program knows one project for tokens and for Pub/Sub. */
function tokenFlags(tokens: BearerTokens | undefined, { type }: Messaging): string[] {
  if (tokens === undefined) return [];
  return [...(type === "pgqueue" ? [`-project=${tokens.project}`] : []), `-baSecretName=${tokens.secretName}`];
}
