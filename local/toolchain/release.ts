import * as fs from "node:fs/promises";
import * as path from "node:path";

import type { Downloader } from "./downloader";
import { runCommand } from "./runCommand";
import type { Toolchain } from "./toolchain";
import type { Checksum, Release, ToolSpec } from "./toolSpec";

/**
 * Puts the official release of a tool into `folder`, so that its program is `<folder>/<name>`.
 * @throws Error with the address and the reason: no release for this platform, no network, a wrong checksum, a damaged archive.
 */
export async function unpackRelease(spec: ToolSpec, folder: string, toolchain: Toolchain, onDetail: (text: string) => void): Promise<void> {
  const release = releaseOf(spec, toolchain);
  if (release === undefined) throw new Error(`there is no release for ${toolchain.platform}`);
  const expected = await readChecksum(release, toolchain.downloader);
  const program = path.join(folder, spec.name);
  const file = release.members === undefined ? program : path.join(folder, ".archive.tar.gz");
  const actual = await toolchain.downloader.file(release.url, file, (share) => {
    onDetail(`downloading ${release.url}, ${Math.floor(share * 100)} %`);
  });
  if (actual !== expected.sha256) throw new Error(`${release.url}: its SHA-256 is ${actual}, ${expected.source} ${expected.sha256}`);
  if (release.members !== undefined) await unpack(release, file, folder, toolchain.env);
  await fs.chmod(program, 0o755);
}

/** The release for this platform, if there is one. */
export function releaseOf(spec: ToolSpec, { platform }: Toolchain): Release | undefined {
  return spec.releases?.[platform];
}

async function readChecksum(release: Release, downloader: Downloader): Promise<{ sha256: string; source: string }> {
  const { checksum } = release;
  if ("pinned" in checksum) return { sha256: checksum.pinned, source: "pinned is" };
  return { sha256: await publishedChecksum(checksum, release.url, downloader), source: `${checksum.publishedAt} says` };
}

async function publishedChecksum(
  { publishedAt }: Extract<Checksum, { publishedAt: string }>,
  url: string,
  downloader: Downloader,
): Promise<string> {
  const lines = (await downloader.text(publishedAt)).split("\n").map((line) => line.trim().split(/\s+\*?/));
  const named = lines.find(([, name]) => name === path.posix.basename(new URL(url).pathname));
  const alone = lines.find((words) => words.length === 1 && words[0] !== "");
  const sha256 = (named ?? alone)?.[0] ?? "";
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`${publishedAt}: has no SHA-256 for ${url}`);
  return sha256;
}

async function unpack({ url, members = [] }: Release, archive: string, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const args = ["-xzf", archive, "-C", folder, "--strip-components=1", "--no-same-owner", ...members];
  const { succeeded, lines } = await runCommand("tar", args, { env });
  if (!succeeded) throw new Error(`${url}: cannot be unpacked (${lines.at(-1) ?? "tar failed"})`);
  await fs.rm(archive);
}
