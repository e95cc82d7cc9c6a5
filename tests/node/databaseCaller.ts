import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { replaceFile } from "../../local/replaceFile";
import type { Calls, DatabaseTarget } from "./steadyCalls";

// `databaseCaller.ts TARGET.json REPORT.json`: asks a database, with a new connection for every tenth query and without a second try, until there is
// REPORT.json.end, and writes what it saw.

const [targetFile = "", reportFile = ""] = process.argv.slice(2);
const { address, connection, bundle, psql } = JSON.parse(fs.readFileSync(targetFile, "utf8")) as DatabaseTarget;
const { hostname, port } = new URL(connection);
const queriesPerConnection = 10;
const report = { requests: 0, failures: [] as string[], leaves: [] as string[], watches: 0 } satisfies Calls;

/** What a client sends that wants TLS. @see https://www.postgresql.org/docs/current/protocol-message-formats.html */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

async function query(): Promise<void> {
  const [command = "", ...args] = psql;
  const [own, trust] = [`hostaddr=${address}`, `sslrootcert=${encodeURIComponent(bundle)}`];
  const queries = Array.from({ length: queriesPerConnection }, () => "--command=SELECT 1");
  const place = `${connection}${connection.includes("?") ? "&" : "?"}${own}&${trust}`;
  const child = spawn(command, [...args, "--no-psqlrc", "--tuples-only", "--no-align", ...queries, place], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  const [answers, errors, [status]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  report.requests += queriesPerConnection;
  if (status !== 0 || answers !== "1\n".repeat(queriesPerConnection)) failed(errors);
}

/** Which leaf is served, to a client that verifies it. */
async function look(): Promise<void> {
  const socket = net.connect(Number(port), address);
  await once(socket, "connect");
  socket.write(sslRequest);
  await once(socket, "data");
  const secure = connect({ socket, servername: hostname, ca: fs.readFileSync(bundle) });
  await once(secure, "secureConnect");
  const { serialNumber } = secure.getPeerCertificate();
  if (!report.leaves.includes(serialNumber)) report.leaves.push(serialNumber);
  secure.destroy();
}

function failed(error: unknown): void {
  report.failures.push(`${new Date().toISOString()} ${String(error)}`);
}

async function main(): Promise<void> {
  while (!fs.existsSync(`${reportFile}.end`)) {
    await query().catch(failed);
    await look().catch(failed);
    replaceFile(`${reportFile}.now`, JSON.stringify(report));
    await sleep(50);
  }
  fs.writeFileSync(reportFile, JSON.stringify(report));
  process.exit(0);
}

void main();
