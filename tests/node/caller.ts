import * as fs from "node:fs";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import { replaceFile } from "../../local/replaceFile";
import type { Calls, Target } from "./steadyCalls";

// `caller.ts TARGET.json REPORT.json`: calls a server without a pause and without a second try until there is REPORT.json.end, and writes what it saw.

const [targetFile = "", reportFile = ""] = process.argv.slice(2);
const target = JSON.parse(fs.readFileSync(targetFile, "utf8")) as Target;
/** Every so many requests a caller takes a new connection. */
const requestsPerConnection = 10;
const answerMillis = 20_000;

const report = { requests: 0, failures: [] as string[], leaves: [] as string[], watches: 0 } satisfies Calls;
let ending = false;

/** What a client trusts that reads its bundle for each connection. */
function agent(): https.Agent {
  return new https.Agent({ keepAlive: true, maxSockets: 1, ca: fs.readFileSync(target.bundle) });
}

async function get(path: string, by: https.Agent, timeout?: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const { host, port, servername, headers } = target;
    const request = https.get({ host, port, servername, path, headers, agent: by, timeout }, (response) => {
      if (response.socket instanceof TLSSocket) saw(response.socket.getPeerCertificate().serialNumber);
      response.resume().on("error", reject);
      response.on("end", () => {
        resolve(response.statusCode ?? 0);
      });
    });
    request.on("timeout", () => request.destroy(new Error("no answer"))).on("error", reject);
  });
}

function saw(leaf: string): void {
  if (!report.leaves.includes(leaf)) report.leaves.push(leaf);
}

function failed(what: string, error: unknown): void {
  report.failures.push(`${new Date().toISOString()} ${what}: ${String(error)}`);
}

async function call(): Promise<void> {
  while (!ending) {
    const by = agent();
    for (let number = 0; number < requestsPerConnection; number++) await once(by);
    by.destroy();
  }
}

async function once(by: https.Agent): Promise<void> {
  try {
    const status = await get(target.path, by, answerMillis);
    if (status !== target.status) failed("answer", status);
  } catch (error) {
    failed("request", error);
  }
  report.requests++;
  await sleep(target.pauseMillis);
}

/** Stays open as long as the server lets it; one that ends before is a failure. */
async function watch(path: string): Promise<void> {
  const by = agent();
  report.watches++;
  const ended = await get(path, by).catch((error: unknown) => String(error));
  if (!ending) failed("watch", ended);
}

if (target.watch !== undefined) void watch(target.watch);
void Promise.all(Array.from({ length: target.callers }, call)).then(() => {
  fs.writeFileSync(reportFile, JSON.stringify(report));
  process.exit(0);
});
setInterval(() => {
  replaceFile(`${reportFile}.now`, JSON.stringify(report));
  ending = fs.existsSync(`${reportFile}.end`);
}, 300).unref();
