import * as path from "node:path";
import type { ImageRoot } from "./imageRoot";
import { fillPsql, postgisImage } from "./postgis";
import { type ImageContent, searchPath } from "./writeImages";

/** Geocube's parts, for which nobody publishes images. */
const parts = ["server", "consolidater", "autoscaler", "downloader"] as const;

/** What the stack `dev` calls the image of a part. */
export function geocubeImage(part: (typeof parts)[number]): string {
  return `registry.trustplane.test/geocube-${part}:1.0.3`;
}

const entrypoint = (part: (typeof parts)[number]): readonly string[] => [`/${part}`];

/**
 * Programs that do at their start what Geocube's own do, and some of what they serve, each by upstream's sources: Alpine's commands, as upstream's
 * images have them, with Node and psql beside.
 * @see https://github.com/airbusgeo/geocube/tree/main/docker
 */
const programs: ImageContent = {
  images: {
    // the only one that is given no command
    [geocubeImage("consolidater")]: { Env: [searchPath] },
    ...Object.fromEntries(
      parts
        .filter((part) => part !== "consolidater")
        .map((part) => [geocubeImage(part), { Entrypoint: entrypoint(part), Env: [searchPath] }]),
    ),
  },
  fill: (root, tools) => {
    root.busybox(tools.busybox.path);
    root.program(process.execPath, "usr/bin/node");
    fillPsql(root, tools);
    fillPrograms(root);
  },
};

function fillPrograms(root: ImageRoot): void {
  root.programs(path.join(__dirname, "geocube"), "usr/lib/geocube");
  for (const part of parts) root.text(part, `#!/bin/sh\nexec node /usr/lib/geocube/${part}.js "$@"\n`, 0o755);
}

/** Geocube's database and its programs. */
export const geocubeImages: readonly ImageContent[] = [postgisImage, programs];
