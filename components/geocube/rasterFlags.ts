import type * as pulumi from "@pulumi/pulumi";
import { type Attachment, attachment } from "./attachment";
import type { GeocubeScope } from "./geocubeScope";
import type { GeocubeStorage } from "./geocubeStorage";
import { secretFile } from "./googleCredentials";

/** How GDAL reads images, the same in every part that does. */
export interface RasterArgs {
  /** Size of a block that is read from storage at once. @default "1Mb" */
  readonly blockSize: string;
  /** Blocks that are kept in memory. @default 500 */
  readonly cachedBlocks: number;
  /** Threads of one read; -1 is one for each processor of the node. @default 1 */
  readonly threads: number;
  /** Whether every read is logged. @default false */
  readonly storageDebug: boolean;
  /** Images in S3, which GDAL reads and never writes; not beside Google's buckets, since the programs set up one of both. @default none */
  readonly s3?: S3Source;
}

export interface S3Source {
  readonly region?: string;
  /** Another server than Amazon's. */
  readonly endpoint?: string;
  /** Text of an AWS shared credentials file. */
  readonly credentials: pulumi.Input<string>;
}

const folder = "/var/run/secrets/aws";
const fileName = "credentials";

/** The flags of `cmd/gdalConfig.go`. @see https://github.com/airbusgeo/geocube/blob/main/cmd/gdalConfig.go */
export function rasterFlags({ blockSize, cachedBlocks, threads, storageDebug, s3 }: RasterArgs, storage: GeocubeStorage): string[] {
  return [
    `-gdalBlockSize=${blockSize}`,
    `-gdalNumCachedBlocks=${cachedBlocks}`,
    `-gdalNumThreads=${threads}`,
    ...(storageDebug ? ["-gdalStorageDebug=true"] : []),
    ...(storage.type === "gcs" ? ["-with-gcs=true"] : []),
    ...(s3 === undefined ? [] : s3Flags(s3)),
  ];
}

function s3Flags({ region, endpoint }: S3Source): string[] {
  return [
    "-with-s3=true",
    ...(region === undefined ? [] : [`-aws-region=${region}`]),
    ...(endpoint === undefined ? [] : [`-aws-endpoint=${endpoint}`]),
    `-aws-shared-credentials-file=${folder}/${fileName}`,
  ];
}

/** The credentials for S3, mounted where the flag says; nothing where no image is there. */
export function s3Attachment(scope: GeocubeScope, { s3 }: RasterArgs): Attachment {
  return s3 === undefined ? attachment({}) : secretFile(scope, { name: "aws-credentials", fileName, folder, text: s3.credentials });
}
