import * as path from "node:path";

import { cacheRoot } from "../paths";
import { Downloader } from "./downloader";
import { hostPlatform, type Platform } from "./platform";
import type { ToolSpec } from "./toolSpec";
import { toolTable } from "./toolTable";

/** What tools are looked for, and where: the user's own in a run, a test's in a test. */
export interface Toolchain {
  readonly table: readonly ToolSpec[];
  /** Tools of earlier runs, as `<tool>/<version>-<platform>/<tool>`. */
  readonly cache: string;
  /** The folder that holds the Go modules. */
  readonly modules: string;
  readonly platform: Platform;
  /** Environment of every program that is started here; its PATH is searched. */
  readonly env: NodeJS.ProcessEnv;
  readonly downloader: Downloader;
}

/** One for the whole process: it remembers which hosts do not answer. */
const downloader = new Downloader();

/** The user's cache, PATH and platform. */
export function hostToolchain(): Toolchain {
  return {
    table: toolTable,
    cache: path.join(cacheRoot, "tools"),
    modules: path.join(__dirname, "modules"),
    platform: hostPlatform(),
    env: process.env,
    downloader,
  };
}
