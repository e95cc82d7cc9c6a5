import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { typescript } from "../checks";
import { bottleFolder, type Machine } from "./machine";

/** What is called, and how. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** The name that the leaf has to have. @default the host */
  readonly servername?: string;
  readonly path: string;
  /** That every answer has to have. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** File with the roots that the clients trust, which is read for each connection. */
  readonly bundle: string;
  /** How many call side by side. */
  readonly callers: number;
  readonly pauseMillis: number;
  /** Path of a watch that is to stay open. */
  readonly watch?: string;
}

/** A database that is called, and by what. */
export interface DatabaseTarget {
  /** Of the server, whatever its name leads to. */
  readonly address: string;
  /** As libpq reads it; with the name that the leaf has to have. */
  readonly connection: string;
  /** File with the roots that the clients trust. */
  readonly bundle: string;
  /** The command that psql is. */
  readonly psql: readonly string[];
}

/** What clients saw. */
export interface Calls {
  readonly requests: number;
  readonly failures: readonly string[];
  /** Serial numbers of the leaves, in the order in which they were first served. */
  readonly leaves: readonly string[];
  readonly watches: number;
}

let started = 0;

/** Clients that call a server from a machine, as a process of their own. */
export class SteadyCalls {
  private readonly report = path.join(bottleFolder(), `calls-${started++}.json`);
  private readonly child: ChildProcess;

  /** @param pid of a process on the machine in whose network they are, instead of the machine's own */
  constructor(machine: Machine, target: Target | DatabaseTarget, pid?: number) {
    const file = `${this.report}.target`;
    fs.writeFileSync(file, JSON.stringify(target));
    const script = path.join(__dirname, "psql" in target ? "databaseCaller.ts" : "caller.ts");
    const network = pid === undefined ? [] : ["nsenter", "--target", String(pid), "--net", "--"];
    this.child = machine.start("env", [...network, process.execPath, ...typescript, script, file, this.report]);
  }

  /** What they have seen until a moment ago. */
  now(): Calls {
    const file = `${this.report}.now`;
    return fs.existsSync(file)
      ? (JSON.parse(fs.readFileSync(file, "utf8")) as Calls)
      : { requests: 0, failures: [], leaves: [], watches: 0 };
  }

  /** Ends the calls. @throws Error with the first of what failed */
  async stop(): Promise<Calls> {
    fs.writeFileSync(`${this.report}.end`, "");
    await once(this.child, "exit");
    const calls = JSON.parse(fs.readFileSync(this.report, "utf8")) as Calls;
    const { failures, requests } = calls;
    if (failures.length > 0)
      throw new Error(`${failures.length} of ${requests} failed:\n${failures.slice(0, 5).join("\n")}\n...\n${failures.at(-1) ?? ""}`);
    return calls;
  }
}
