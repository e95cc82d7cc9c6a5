import * as k8s from "@pulumi/kubernetes";
import type { GeocubeParts } from "./apiserver";
import { type Attachment, attachedTogether } from "./attachment";
import { geocubePod, partAccount, partDisruptionBudget, partMetadata, type PodArgs, podTemplate } from "./geocubePod";
import { geocubeSelector, type GeocubeScope } from "./geocubeScope";
import { serviceAccountAnnotations } from "./googleCredentials";
import { rasterFlags } from "./rasterFlags";
import { grpcPort, type ServerTls, serverTls } from "./serverTls";

export interface DownloaderArgs extends PodArgs {
  /** @default 1 */
  readonly replicas: number;
  /** Seconds after which a client's connection is ended. @default 900 */
  readonly maxConnectionAge: number;
  /** Parallel workers of one request. @default 1 */
  readonly workers: number;
  /** Bytes of one part of an answer. @default 1048576 */
  readonly chunkSize: number;
}

const downloaderName = "downloader";

/** Its Service is of the same name. */
export const downloaderPort = grpcPort;

/** Serves images of the datasets to clients in the cluster, whom it asks for nothing: it knows no tokens. */
export function downloader(scope: GeocubeScope, args: DownloaderArgs, parts: GeocubeParts, attached: readonly Attachment[]): void {
  const serviceAccountName = partAccount(scope, "downloader", downloaderName, serviceAccountAnnotations(parts.googleCredentials));
  const { maxConnectionAge } = args;
  const ready = { tcpSocket: { port: "grpc" } };
  const tls = serverTls(scope, parts.tls, { part: "downloader", serviceName: downloaderName, names: [], maxConnectionAge, ready });
  const all = attachedTogether([...attached, tls.attachment]);
  const spec = geocubePod(args, parts, all, container(args, parts, tls), { serviceAccountName, sidecars: tls.sidecars });
  const selector = geocubeSelector(scope, "downloader");
  partDisruptionBudget(scope, "downloader", args.replicas);
  const deployment = new k8s.apps.v1.Deployment(
    `${scope.name}-downloader`,
    {
      metadata: partMetadata(scope, "downloader", downloaderName),
      spec: { replicas: args.replicas, selector: { matchLabels: selector }, template: podTemplate(scope, "downloader", all, spec) },
    },
    { ...scope.opts, dependsOn: [...all.dependsOn] },
  );
  const ports = [{ name: "grpc", port: downloaderPort, targetPort: "grpc", protocol: "TCP", ...clearText(tls) }];
  new k8s.core.v1.Service(
    `${scope.name}-downloader-service`,
    { metadata: partMetadata(scope, "downloader", downloaderName), spec: { type: "ClusterIP", selector, ports } },
    { ...scope.opts, dependsOn: deployment },
  );
}

/** HTTP/2 without TLS, which whoever stands in between has to be told. @see https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol */
export function clearText({ encrypted }: Pick<ServerTls, "encrypted">): { readonly appProtocol?: string } {
  return encrypted ? {} : { appProtocol: "kubernetes.io/h2c" };
}

/** It speaks gRPC alone, which a probe by HTTP would not get an answer from. */
function container(args: DownloaderArgs, { storage, raster }: GeocubeParts, { encrypted, programPort, ports }: ServerTls) {
  const listens = { tcpSocket: { port: programPort } };
  // of the kind that it had without nginx: another one beside it would fail a preview's dry run
  const asked = { exec: { command: ["nc", "-z", "127.0.0.1", String(programPort)] }, timeoutSeconds: 5 };
  return {
    name: downloaderName,
    args: [
      `-port=${programPort}`,
      `-maxConnectionAge=${args.maxConnectionAge}`,
      `-workers=${args.workers}`,
      `-chunk-size=${args.chunkSize}`,
      "-workdir=/tmp",
      ...rasterFlags(raster, storage),
    ],
    ports,
    readinessProbe: { ...listens, periodSeconds: 5 },
    livenessProbe: { ...(encrypted ? asked : listens), periodSeconds: 30 },
  };
}
