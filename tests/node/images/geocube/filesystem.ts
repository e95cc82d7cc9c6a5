import * as fs from "node:fs";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { NotPlayed } from "./goProgram";

/** Storage whose addresses are paths. @see https://github.com/airbusgeo/geocube/blob/a066efe0d21cf112fda5f400415b79e8b61f37e5/interface/storage/filesystem/strategy.go */
function placeOf(uri: string): string {
  if (/^(gs|s3):\/\//.test(uri)) throw new NotPlayed(uri);
  return uri.replaceAll("file://", "");
}

/** Copies a file from the storage, or to it, with the folders that are missing. */
export async function copyFile(from: string, to: string): Promise<void> {
  const place = placeOf(to);
  await fs.promises.mkdir(path.dirname(place), { recursive: true });
  await pipeline(fs.createReadStream(placeOf(from)), fs.createWriteStream(place));
}

export async function exists(uri: string): Promise<boolean> {
  return fs.promises.stat(placeOf(uri)).then(
    () => true,
    () => false,
  );
}

export async function upload(uri: string, text: string): Promise<void> {
  await fs.promises.mkdir(path.dirname(placeOf(uri)), { recursive: true });
  await fs.promises.writeFile(placeOf(uri), text);
}

/** As whoever opens a picture does. @throws Error where there is nothing to read */
export async function readBeginning(uri: string): Promise<Buffer> {
  const file = await fs.promises.open(placeOf(uri));
  try {
    return (await file.read(Buffer.alloc(512))).buffer;
  } finally {
    await file.close();
  }
}
