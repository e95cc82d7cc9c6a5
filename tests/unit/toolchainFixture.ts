import * as fs from "node:fs/promises";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";

import type { Progress } from "../../local/progress";
import { Downloader } from "../../local/toolchain/downloader";
import type { Toolchain } from "../../local/toolchain/toolchain";
import type { ToolSpec } from "../../local/toolchain/toolSpec";

/** A toolchain in a temporary folder, with a PATH that has only what a test puts there and the programs of a bare system. */
export interface Fixture extends Toolchain {
  readonly folder: string;
  /** The first folder of PATH. */
  readonly bin: string;
}

/** Patience that a test can wait for. */
export const quickLimits = { connect: 400, answer: 400, stall: 400 };

export async function openFixture(table: readonly ToolSpec[], extraPath: readonly string[] = []): Promise<Fixture> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "toolchain-"));
  const [bin, cache, modules] = ["bin", "cache", "modules"].map((name) => path.join(folder, name)) as [string, string, string];
  await Promise.all([bin, modules].map((name) => fs.mkdir(name)));
  const env = { PATH: [bin, ...extraPath, "/usr/bin", "/bin"].join(path.delimiter), HOME: process.env.HOME };
  return { table, folder, bin, cache, modules, env, platform: "linux-amd64", downloader: new Downloader(quickLimits) };
}

export async function closeFixture(fixture: Fixture): Promise<void> {
  await fs.rm(fixture.folder, { recursive: true, force: true });
}

/** A shell script that can be started. */
export async function writeScript(file: string, text: string): Promise<string> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return file;
}

/** A server on loopback, and the address that it has. */
export async function listen(handler: http.RequestListener): Promise<{ url: string; close: () => Promise<void> }> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** Keeps what it is told. */
export function recordProgress(): Progress & { readonly told: string[] } {
  const told: string[] = [];
  const tell = (text?: string): void => {
    told.push(text ?? "");
  };
  const start = (label: string): ReturnType<Progress["start"]> => {
    tell(label);
    return { detail: tell, done: tell, fail: tell };
  };
  return { told, line: tell, start };
}
