import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { keptNamespace } from "../platform/keptObjects";
import type { Platform } from "../platform/platform";
import { restrictedLevel } from "../platform/podSecurity";
import { apiserver, type ApiserverArgs, type GeocubeParts } from "./apiserver";
import { type ApiserverExposure, exposedApiserver, exposedNames } from "./apiserverExposure";
import type { Attachment } from "./attachment";
import { autoscaler, type AutoscalerArgs } from "./autoscaler";
import { type Consolidater, consolidater, type ConsolidaterArgs } from "./consolidater";
import { GeocubeDatabase } from "./database";
import { databaseAttachment, queueAttachment } from "./databaseAttachment";
import type { DatabaseChoice } from "./databaseChoice";
import { downloader, type DownloaderArgs } from "./downloader";
import { checkedAutoscaler, type MeasuredAutoscaler } from "./geocubeArguments";
import { geocubeLabels, geocubeSelector, type GeocubeScope, workerLabels } from "./geocubeScope";
import { storageAttachment } from "./geocubeStorage";
import { googleAttachment } from "./googleCredentials";
import { queuesInDatabase } from "./messaging";
import { networkPolicies } from "./networkPolicies";
import { OrphanedObjects, type OrphanedObjectsArgs } from "./orphanedObjects";
import { pubsubEmulator } from "./pubsubEmulator";
import { s3Attachment } from "./rasterFlags";
import type { SchemaSource } from "./schemaSource";
import type { ServerTlsArgs } from "./serverTls";

export interface GeocubeArgs extends Omit<GeocubeParts, "tls"> {
  /** Geocube's own namespace, which stays on destroy with the data in it. @default "geocube" */
  readonly namespace: string;
  /** Refuse to take the namespace and the volume's claim out of the stack. @default false */
  readonly protect: boolean;
  readonly database: DatabaseChoice;
  /** What makes the tables. @default none, where others did */
  readonly schema?: SchemaSource;
  /** The servers' leaves. @default no TLS */
  readonly certificate?: Omit<ServerTlsArgs, "issuerRef">;
  readonly apiserver: ApiserverArgs;
  /** @default none */
  readonly exposure: ApiserverExposure;
  /** CIDR blocks outside the cluster that may connect. @default [] */
  readonly allowedSources: readonly string[];
  /** Namespaces whose pods may connect. @default [] */
  readonly clientNamespaces: readonly string[];
  readonly consolidater: ConsolidaterArgs;
  /** @default none: the ReplicationController's own pods do the work */
  readonly autoscaler?: AutoscalerArgs;
  /** @default none */
  readonly downloader?: DownloaderArgs;
  readonly platform: Pick<Platform, "identifier" | "issuerRef" | "bundle" | "generations" | "ingress">;
  /** The cluster from which what Geocube leaves behind is removed. */
  readonly cluster: OrphanedObjectsArgs["cluster"];
}

/**
 * Geocube, which indexes satellite images and makes cubes of them: its database, its messaging, the server that clients talk to, the
 * workers that consolidate datasets, and what makes as many of them as there are jobs for.
 *
 * Needs, among its providers, one for this program's dynamic resources; images that the user builds, and storage that all of its pods
 * reach. The namespace stays on destroy with the volumes' claims in it.
 * @see https://github.com/airbusgeo/geocube/blob/main/docs/installation/k8s-install.md
 */
export class Geocube extends pulumi.ComponentResource {
  /** `HOST:PORT` that clients connect to; known once the server answers. */
  readonly address: pulumi.Output<string>;
  /** Its namespace by its name, known once it is there. */
  readonly namespaces: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: GeocubeArgs, opts?: pulumi.ComponentResourceOptions) {
    const scaler = checkedAutoscaler(name, args);
    // without what comes from others: a protected claim keeps this component on destroy, and with it whatever its inputs come from
    super("trustplane:geocube:Geocube", name, { namespace: args.namespace }, opts);
    const scoped = { name, opts: { parent: this }, namespace: ownNamespace(name, args, { parent: this }) };
    this.namespaces = { [args.namespace]: scoped.namespace };
    const tls = args.certificate && { ...args.certificate, issuerRef: args.platform.issuerRef };
    this.address = services({ ...scoped, leafSecrets: leafSecrets(scoped, args) }, { ...args, tls }, scaler);
    this.registerOutputs({ address: this.address, namespace: scoped.namespace });
  }
}

/** Every pod in it meets the level restricted; another one is refused. */
function ownNamespace(name: string, { namespace, protect }: GeocubeArgs, opts: { parent: pulumi.Resource }): pulumi.Output<string> {
  const labels = { ...geocubeLabels({ name }), ...restrictedLevel };
  return keptNamespace(`${name}-namespace`, { namespace, labels, protect }, opts);
}

/** cert-manager leaves a leaf's Secret where it is when its Certificate goes; in a namespace that stays nobody else takes it away. */
function leafSecrets({ name, namespace, opts }: Omit<GeocubeScope, "leafSecrets">, { cluster }: GeocubeArgs): OrphanedObjects {
  const labels = { "controller.cert-manager.io/fao": "true" };
  const args = { kind: "secrets" as const, namespace, labels, revision: "", cluster };
  return new OrphanedObjects(`${name}-leaf-secrets`, args, opts);
}

type Services = Omit<GeocubeArgs, keyof GeocubeParts> & GeocubeParts;

/** What the parts have attached, each to what it uses. */
interface Attached {
  readonly database: Pick<GeocubeDatabase, "connectionSecret" | "queueConnectionSecret" | "digest" | "ready" | "caMount">;
  readonly emulator: Attachment;
  readonly storage: Attachment;
  /** Credentials for Google's services. */
  readonly google: Attachment;
  /** Credentials for images in S3. */
  readonly s3: Attachment;
}

function services(scope: GeocubeScope, args: Services, scaler: MeasuredAutoscaler | undefined): pulumi.Output<string> {
  const { googleCredentials, messaging, exposure } = args;
  const emulated = messaging.type === "pubsubEmulator";
  const parts = { autoscaler: scaler !== undefined, downloader: args.downloader !== undefined, pubsubEmulator: emulated };
  networkPolicies(scope, { ...args, parts });
  const attached: Attached = {
    database: database(scope, args),
    emulator: pubsubEmulator(scope, messaging, args),
    storage: storageAttachment(scope, args.storage, args.protect),
    google: googleAttachment(scope, googleCredentials),
    s3: s3Attachment(scope, args.raster),
  };
  const { emulator, storage, google, s3 } = attached;
  const server = [databaseAttachment(attached.database, queuesInDatabase(messaging)), emulator, storage, google, s3];
  const deployment = apiserver(scope, args.apiserver, { parts: args, names: exposedNames(exposure), attached: server });
  workers(scope, args, scaler, attached);
  if (args.downloader !== undefined) downloader(scope, args.downloader, args, [storage, google, s3]);
  return exposedApiserver(scope, args, deployment);
}

function database(scope: GeocubeScope, args: Services): GeocubeDatabase {
  const { platform, imagePullSecrets, schema } = args;
  const { identifier, issuerRef, bundle, generations } = platform;
  const trust = { identifier, issuerRef, bundle, generations };
  const own = { ...trust, namespace: scope.namespace, database: args.database, schema, imagePullSecrets, clients: clients(scope, args) };
  return new GeocubeDatabase(`${scope.name}-database`, own, { ...scope.opts, transformations: [dependingOn(scope.leafSecrets)] });
}

/** What a component depends on does not count for its children, so its Certificates are told themselves. */
function dependingOn(leafSecrets: pulumi.Resource): pulumi.ResourceTransformation {
  return ({ type, props, opts }) =>
    type === "kubernetes:cert-manager.io/v1:Certificate"
      ? { props, opts: pulumi.mergeOptions(opts, { dependsOn: leafSecrets }) }
      : undefined;
}

/** Labels of whoever connects to the database; the autoscaler's workers have none but their own. */
function clients(scope: GeocubeScope, { messaging, autoscaler: scaler }: Services): Readonly<Record<string, string>>[] {
  const server = geocubeSelector(scope, "apiserver");
  if (!queuesInDatabase(messaging)) return [server];
  const scaled = scaler === undefined ? [] : [workerLabels, geocubeSelector(scope, "autoscaler")];
  return [server, geocubeSelector(scope, "consolidater"), ...scaled];
}

function workers(scope: GeocubeScope, args: Services, scaler: MeasuredAutoscaler | undefined, attached: Attached): void {
  const { emulator, storage, google, s3 } = attached;
  const queue = queueAttachment(attached.database, queuesInDatabase(args.messaging));
  const template = consolidater(scope, args.consolidater, args, [queue, emulator, storage, google, s3]);
  if (scaler === undefined) return;
  const pods = scaledPods(scope, args, template);
  const around = { parts: { ...args, messaging: scaler.messaging }, attached: [queue, google], dependsOn: [template.controller, pods] };
  autoscaler(scope, scaler.args, around);
}

/** Depends on the template, so that it is changed before the pods of the old one go. */
function scaledPods(scope: GeocubeScope, { cluster }: Services, { controller, template }: Consolidater): OrphanedObjects {
  const { name, namespace, opts } = scope;
  const revision = pulumi.output(template).apply((plain) => createHash("sha256").update(JSON.stringify(plain)).digest("hex"));
  const args = { kind: "pods" as const, namespace, labels: workerLabels, revision, cluster };
  return new OrphanedObjects(`${name}-worker-pods`, args, { ...opts, dependsOn: controller });
}
