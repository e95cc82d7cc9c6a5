import { bool, int, string } from "./goFlags";
import { NotPlayed } from "./goProgram";

/** Flags that server, consolidater and downloader have in common. @see https://github.com/airbusgeo/geocube/blob/1cc41de7b0e95ac232f2c57ca9e202fc58f19b79/cmd/gdalConfig.go */
export const gdalFlags = {
  gdalBlockSize: string("1Mb"),
  gdalNumCachedBlocks: int(500),
  gdalNumThreads: int(1),
  "with-gcs": bool(false),
  "with-s3": bool(false),
  "aws-region": string(),
  "aws-endpoint": string(),
  "aws-shared-credentials-file": string(),
  gdalStorageDebug: bool(false),
};

/** Without a bucket there is nothing to reach at the start. @throws NotPlayed with one */
export function initGdal(flags: { readonly "with-gcs": boolean; readonly "with-s3": boolean }): void {
  if (flags["with-gcs"]) throw new NotPlayed("init gdal: Google Cloud Storage");
  if (flags["with-s3"]) throw new NotPlayed("init gdal: S3");
}
