import { z } from "zod";
import { toleration } from "./exposure";
import { dnsLabel, duration } from "./fields";
import { googleProject, secretManagerName } from "./geocubeFields";
import { unpublishedImage } from "./image";
import { objectLabels } from "./labels";
import { quantity } from "./quantity";
import { containerResources } from "./podFields";

/** Where upstream's programs are built from. */
const CLONE = "git clone https://github.com/airbusgeo/geocube && cd geocube";

const BASE = "docker build -f docker/Dockerfile.base-image -t geocube-base-image .";

/** An image that the user builds. @param base whether upstream's Dockerfile begins with its base image */
function builtImage(part: "server" | "consolidater" | "autoscaler" | "downloader", base: boolean) {
  const argument = base ? " --build-arg BASE_IMAGE=geocube-base-image" : "";
  const build = `docker build -f docker/Dockerfile.${part}${argument} -t REGISTRY/geocube-${part}:VERSION .`;
  return unpublishedImage(`build it, push it and name it here: ${[CLONE, ...(base ? [BASE] : []), build].join(" && ")}`);
}

const place = {
  nodeSelector: objectLabels.default({}).meta({ description: "Labels of the nodes that the pods may run on." }),
  tolerations: z.array(toleration).default([]).meta({ description: "Taints that the pods bear." }),
};

const replicas = z.int().min(1).max(100).default(1).meta({ description: "Pods." });
const workers = z.int().min(1).max(1000).default(1);

function connectionAge(seconds: number) {
  const rule = "seconds; the program takes less than 60 for 900";
  const description = "Seconds after which a client's connection is ended.";
  return z.int().min(60).max(86_400).meta({ rule }).default(seconds).meta({ description });
}

const tokens = z
  .strictObject({
    project: googleProject.meta({ description: "Project of the secret; Pub/Sub's too where that is the messaging." }),
    secretName: secretManagerName.meta({ description: "Name of the secret: JSON with the keys user, admin and event." }),
  })
  .meta({ description: "Tokens from Google's Secret Manager; without them whoever connects may do everything." });

/** `geocube.apiserver`. */
export const apiserverSchema = z
  .strictObject({
    ...builtImage("server", true),
    replicas,
    maxConnectionAge: connectionAge(3600),
    workers: workers.meta({ description: "Parallel workers of one request for a catalogue's image." }),
    tokens: tokens.optional(),
    resources: containerResources({ cpu: "500m", memory: "512Mi" }, { memory: "4Gi" }),
    ...place,
  })
  .meta({ description: "The server that clients talk to." });

/** `geocube.downloader`. */
export const downloaderSchema = z
  .strictObject({
    ...builtImage("downloader", true),
    replicas,
    maxConnectionAge: connectionAge(900),
    workers: workers.meta({ description: "Parallel workers of one request." }),
    chunkSize: z.int().min(1024).max(4_194_304).default(1_048_576).meta({ description: "Bytes of one part of an answer." }),
    resources: containerResources({ cpu: "500m", memory: "512Mi" }, { memory: "4Gi" }),
    ...place,
  })
  .meta({ description: "Serves images of the datasets to pods of clientNamespaces; none unless given." });

const scratch = z
  .strictObject({
    size: quantity.default("20Gi").meta({ description: "Size of each pod's scratch space." }),
    storageClass: dnsLabel(253).optional().meta({ description: "A class of which each pod gets a volume; the node's disk unless given." }),
  })
  .prefault({});

/** `geocube.consolidater`. */
export const consolidaterSchema = z
  .strictObject({
    ...builtImage("consolidater", true),
    replicas: z.int().min(0).max(10_000).optional().meta({ description: "Pods where there is no autoscaler, 1 unless given." }),
    retryCount: z.int().min(0).max(100).default(1).meta({ description: "Tries of one job." }),
    workers: workers.meta({ description: "Parallel workers of one job." }),
    localDownloadMaxMb: z.int().min(0).max(1_000_000).optional().meta({
      description: "Datasets up to so many MB are copied to the scratch space first; 0 copies none; all are unless given.",
    }),
    scratch,
    resources: containerResources({ cpu: "1900m", memory: "1500Mi" }, { memory: "4Gi" }),
    ...place,
  })
  .meta({ description: "Those who work off the jobs." });

/** `geocube.autoscaler`. */
export const autoscalerSchema = z
  .strictObject({
    ...builtImage("autoscaler", false),
    update: duration("1s", "a look at the backlog").default("30s").meta({ description: "Time between two looks at the backlog." }),
    ratio: z.number().min(1).max(10_000).default(1).meta({ description: "Jobs for each worker above which there are to be more." }),
    minRatio: z.number().min(0).max(10_000).default(1).meta({ description: "Jobs for each worker below which there are to be fewer." }),
    step: z.int().min(1).max(10_000).default(16).meta({ description: "Workers that come or go at once." }),
    max: z.int().min(1).max(10_000).default(199).meta({ description: "Most workers; 199 is what 1,024 connections carry." }),
    min: z.int().min(0).max(10_000).default(0).meta({ description: "Fewest workers." }),
    resources: containerResources({ cpu: "1m", memory: "30Mi" }, { memory: "128Mi" }),
    ...place,
  })
  .meta({ description: "Makes as many workers as there are jobs for; none unless given." });
