import * as fs from "node:fs";
import * as path from "node:path";
import type { TestTools } from "../../testTools";
import { ImageArchive, type ImageConfig } from "./archive";
import { ImageRoot } from "./imageRoot";

/** Files, and the images that they are the content of, by the references that manifests name. */
export interface ImageContent {
  readonly images: Readonly<Record<string, ImageConfig>>;
  readonly fill: (root: ImageRoot, tools: TestTools) => void;
}

/** Where the programs of an image are that is not Debian's. */
export const searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Writes an archive of these images. @param folder a place for it, with room for twice as much */
export function writeImages(folder: string, tools: TestTools, contents: readonly ImageContent[]): string {
  const archive = new ImageArchive(path.join(folder, "layout"));
  for (const [number, { fill, images }] of contents.entries()) {
    const root = path.join(folder, String(number));
    fs.mkdirSync(root, { recursive: true });
    fill(new ImageRoot(root), tools);
    const layer = archive.layer(root);
    for (const [reference, config] of Object.entries(images)) archive.add(reference, config, layer);
    fs.rmSync(root, { recursive: true });
  }
  const file = path.join(folder, "images.tar");
  archive.write(file);
  return file;
}
