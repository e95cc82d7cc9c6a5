import { z } from "zod";
import { strings } from "./exposure";
import { dnsLabel, dnsName, duration, nodePort, port } from "./fields";
import { blockSize, bucketUri, clientHost, googleProject, googleServiceAccount, pubsubName } from "./geocubeFields";
import { unpublishedImage } from "./image";
import { nginxFields } from "./sharedImages";
import { containerPath, line, webAddress } from "./textFields";
import { quantity } from "./quantity";

const EMULATOR_IMAGE =
  "take one of gcr.io/google.com/cloudsdktool/google-cloud-cli, VERSION-emulators: no version has been tried here, so none is the default";

/** How apiserver and consolidaters tell each other of work. */
export const messagingSchema = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("pgqueue") }),
    z.strictObject({
      type: z.literal("pubsub"),
      project: googleProject.meta({ description: "Project of the topics and subscriptions." }),
      consolidationsTopic: pubsubName.default("consolidations").meta({ description: "Topic of the apiserver's orders." }),
      consolidationsSubscription: pubsubName.default("consolidations").meta({ description: "Pull subscription of that topic." }),
      eventsTopic: pubsubName
        .default("events")
        .meta({ description: "Topic of events; its push subscription leads to /push of the apiserver." }),
    }),
    z.strictObject({
      type: z.literal("pubsubEmulator"),
      project: googleProject.default("geocube-emulator").meta({ description: "What the emulator calls its project." }),
      ...unpublishedImage(EMULATOR_IMAGE),
    }),
  ])
  .meta({ description: "How apiserver and consolidaters tell each other of work." });

/** Where datasets and the marks of cancelled jobs are. */
export const storageSchema = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("volume"),
      mountPath: containerPath.default("/geocube-data").meta({ description: "Where all pods mount it; the database keeps these paths." }),
      claimName: dnsLabel().default("geocube-data").meta({ description: "Name of the volume's PersistentVolumeClaim." }),
      size: quantity.default("100Gi").meta({ description: "Size of the volume." }),
      storageClass: dnsLabel(253).optional().meta({ description: "Its StorageClass; the cluster's default class unless given." }),
      accessMode: z
        .enum(["ReadWriteMany", "ReadWriteOnce"])
        .default("ReadWriteMany")
        .meta({ description: "ReadWriteOnce only where all pods run on one node." }),
      assumeReadWriteMany: z
        .boolean()
        .default(false)
        .meta({ description: "Whether to believe that the class gives ReadWriteMany although it is known not to as it is shipped." }),
    }),
    z.strictObject({
      type: z.literal("gcs"),
      datasets: bucketUri.meta({ description: "gs://BUCKET/PREFIX of the datasets." }),
      cancelledJobs: bucketUri.meta({ description: "gs://BUCKET/PREFIX of the marks of cancelled jobs." }),
    }),
  ])
  .meta({ description: "Where datasets and the marks of cancelled jobs are." });

/** Who the pods are to Google. */
export const googleCredentialsSchema = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("key") }),
    z.strictObject({
      type: z.literal("workloadIdentity"),
      serviceAccount: googleServiceAccount.meta({ description: "Google's service account, for which the cluster's stand." }),
    }),
  ])
  .meta({
    description:
      "For Google's buckets, Pub/Sub and Secret Manager: a key file (the secret geocubeGoogleCredentials) or GKE's Workload Identity.",
  });

/** How clients outside the cluster reach the apiserver. */
export const apiserverExposureSchema = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("none") }),
    z.strictObject({
      type: z.literal("nodePort"),
      address: clientHost.meta({ description: "What clients connect to; it is in the certificate." }),
      port: nodePort().meta({ description: "Port of every node." }),
    }),
    z.strictObject({
      type: z.literal("loadBalancer"),
      address: clientHost.meta({ description: "What clients connect to; it is in the certificate." }),
      port: port().default(443).meta({ description: "Port of the load balancer." }),
      class: z.string().min(1).optional().meta({ description: "loadBalancerClass of the Service; the cluster's unless given." }),
      annotations: strings.meta({ description: "Annotations of the Service, for the cloud or MetalLB." }),
    }),
    z.strictObject({
      type: z.literal("ingress"),
      host: dnsName.meta({ description: "The DNS name that clients connect to." }),
      className: dnsLabel(253)
        .optional()
        .meta({ description: "An IngressClass whose controller reads every namespace; the platform's internal ingress unless given." }),
      annotations: strings.meta({ description: "Annotations of the Ingress, for its controller." }),
    }),
  ])
  .meta({ description: "How clients outside the cluster reach the apiserver." });

/** The servers' leaves. */
export const geocubeTlsSchema = z
  .strictObject({
    enabled: z.boolean().default(true).meta({ description: "false serves without TLS." }),
    duration: duration("1h", "cert-manager's shortest").default("2160h").meta({ description: "How long one leaf is valid." }),
    renewBefore: duration("5m", "cert-manager's shortest").optional().meta({ description: "A third of the duration unless given." }),
    nginx: nginxFields.meta({ description: "The nginx in each server's pod, which ends TLS." }),
  })
  .meta({ description: "TLS of apiserver and downloader, with leaves of the platform's CA." });

const s3 = z
  .strictObject({
    region: line("a region").optional(),
    endpoint: webAddress("another server than Amazon's").optional(),
  })
  .meta({ description: "Images in S3, which are only read; the secret geocubeAwsCredentials is a shared credentials file." });

/** How GDAL reads images. */
export const rasterSchema = z
  .strictObject({
    blockSize: blockSize.default("1Mb").meta({ description: "Size of a block that is read at once." }),
    cachedBlocks: z.int().min(0).max(1_000_000).default(500).meta({ description: "Blocks that are kept in memory." }),
    threads: z.int().min(-1).max(1024).default(1).meta({ description: "Threads of one read; -1 is one for each processor of the node." }),
    storageDebug: z.boolean().default(false).meta({ description: "Logs every read." }),
    s3: s3.optional(),
  })
  .meta({ description: "How GDAL reads images, in all parts." });
