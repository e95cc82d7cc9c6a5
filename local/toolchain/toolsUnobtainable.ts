import * as path from "node:path";

import { requiredGo } from "./goBuild";
import { releaseOf } from "./release";
import type { Tools } from "./tool";
import type { Toolchain } from "./toolchain";
import type { ToolSearch } from "./toolSearch";
import { compareVersions, describeRange } from "./versionRange";

/** Some tools are nowhere to be had. The message lists each with the reason of each origin, and then what mends it. */
export class ToolsUnobtainable extends Error {
  private constructor(
    message: string,
    /** The tools that were found. */
    readonly found: Tools,
  ) {
    super(message);
    this.name = "ToolsUnobtainable";
  }

  static async of(search: ToolSearch, toolchain: Toolchain): Promise<ToolsUnobtainable> {
    const { missing } = search;
    const tools = missing.flatMap(({ name, version }) => [
      `  ${name} ${version}`,
      ...search.reasons(name).map(([origin, reason]) => `    ${origin}: ${reason}`),
    ]);
    const remedies = [
      ...(await buildRemedy(search, toolchain)),
      ...networkRemedy(search, toolchain),
      ...packageRemedy(search),
      ...installRemedy(search),
    ];
    const head = missing.length === 1 ? "One tool cannot be obtained:" : `${missing.length} tools cannot be obtained:`;
    const message = [head, ...tools, "Any of these helps; then run the same command again:", ...remedies.map((remedy) => `  - ${remedy}`)];
    return new ToolsUnobtainable(message.join("\n"), search.tools);
  }
}

async function buildRemedy({ missing }: ToolSearch, { modules }: Toolchain): Promise<string[]> {
  const buildable = missing.flatMap(({ name, go }) => (go === undefined ? [] : [{ name, folder: path.join(modules, go.module.folder) }]));
  if (buildable.length === 0) return [];
  const newest = (await Promise.all(buildable.map(({ folder }) => requiredGo(folder)))).sort(compareVersions).at(-1) ?? "";
  return [
    `for ${buildable.map(({ name }) => name).join(", ")}: Go ${newest} or newer on PATH (https://go.dev/dl) and a Go module proxy that answers`,
  ];
}

function networkRemedy({ missing }: ToolSearch, toolchain: Toolchain): string[] {
  const releases = missing.flatMap((spec) => {
    const release = releaseOf(spec, toolchain);
    return release === undefined ? [] : [{ name: spec.name, host: new URL(release.url).host }];
  });
  if (releases.length === 0) return [];
  return [`for ${releases.map(({ name }) => name).join(", ")}: access to ${[...new Set(releases.map(({ host }) => host))].join(", ")}`];
}

function packageRemedy({ missing }: ToolSearch): string[] {
  const packaged = missing.filter(({ onPath, debianPackage }) => onPath === undefined && debianPackage !== undefined);
  return packaged.length === 0 ? [] : [`for ${packaged.map(({ name }) => name).join(", ")}: a Debian whose package source answers`];
}

function installRemedy({ missing }: ToolSearch): string[] {
  const wanted = missing.flatMap(({ name, onPath, debianPackage }) => {
    const byPackage = debianPackage === undefined ? "" : `, e.g. by apt-get install ${debianPackage}`;
    return onPath === undefined ? [] : [`${name} (${describeRange(onPath.fits)}${byPackage})`];
  });
  return wanted.length === 0 ? [] : [`on PATH, installed by you: ${wanted.join(", ")}`];
}
