import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { call } from "./call";
import { rootsOfRequests } from "./trust";

// What a task does, in place of a worker: calls Arkindex and other servers as base-worker does (`call URL...`), or waits on a port (`wait PORT`).

const { ARKINDEX_TASK_TOKEN: token = "", PONOS_DATA: data = "", PONOS_TASK: task = "" } = process.env;
const [what, ...rest] = process.argv.slice(2);

async function reached(url: string, ca: string | undefined): Promise<string> {
  try {
    return String((await call({ url, ca, headers: { authorization: `Ponos ${token}` } })).status);
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** Reaches each server by the mounted bundle, and by what the image trusts without it. */
async function tryAll(urls: readonly string[]): Promise<void> {
  const tries = urls.map(
    async (url) => [url, { bundle: await reached(url, rootsOfRequests()), image: await reached(url, undefined) }] as const,
  );
  const seen = Object.fromEntries(await Promise.all(tries));
  const text = JSON.stringify({ user: process.getuid?.(), seen });
  fs.writeFileSync(path.join(data, task, "result.json"), text);
  console.log(text);
}

function wait(port: number): void {
  http
    .createServer((_, response) => response.end())
    .listen(port, () => {
      console.log("waiting");
    });
}

process.on("SIGTERM", () => process.exit(0));
if (what === "wait") wait(Number(rest[0]));
else void tryAll(rest);
