import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { administrator, serverPaths } from "../../components/geocube/databaseConfiguration";
import { eventually } from "./controlPlaneTestbed";
import { freePort } from "./freePort";
import { MountedVolume } from "./mountedVolume";

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  /** Both streams. */
  readonly text: string;
}

/** What the pod's containers are made with, as far as they are played here. */
export interface ServerContainers {
  /** What makes the data directory, whose first argument is its place. */
  readonly initialise: { readonly command: readonly string[]; readonly args: readonly string[] };
  /** The server's arguments. */
  readonly args: readonly string[];
  /** pg_hba.conf. */
  readonly clientAuthentication: string;
  /** The leaf's Secret: `tls.crt` and `tls.key`. */
  readonly leaf: Readonly<Record<string, string>>;
}

/** PostgreSQL with PostGIS on this machine's loopback, with the component's arguments and files; only paths and the port differ. */
export class LoopbackDatabase {
  readonly leaf: MountedVolume;
  private server?: ChildProcess;

  private constructor(
    private readonly postgresql: string,
    readonly folder: string,
    readonly port: number,
    private readonly containers: ServerContainers,
  ) {
    this.leaf = new MountedVolume(path.join(folder, "tls"), {});
    this.mount(containers.leaf);
  }

  /** @param postgresql the tool of that name */
  static async create(postgresql: string, containers: ServerContainers): Promise<LoopbackDatabase> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "database-"));
    const database = new LoopbackDatabase(postgresql, folder, await freePort(), containers);
    database.installPrograms();
    return database;
  }

  private installPrograms(): void {
    fs.writeFileSync(path.join(this.folder, "pg_hba.conf"), this.containers.clientAuthentication);
    fs.mkdirSync(path.join(this.folder, "bin"));
    for (const program of ["initdb", "psql", "pg_dump", "pg_restore"]) {
      const script = `#!/bin/sh\nexec '${this.postgresql}' ${program} "$@"\n`;
      fs.writeFileSync(path.join(this.folder, "bin", program), script, { mode: 0o755 });
    }
  }

  /** Starts what makes the data directory, in a process group of its own. */
  initialise(): ChildProcess {
    const { command, args } = this.containers.initialise;
    const unprivileged = `exec ${asUnprivileged()} "$0" "$@"`;
    // the image's locale is of that encoding
    const env = { LANG: "C.UTF-8" };
    return this.spawn(["sh", "-c", unprivileged, ...command], [this.data, ...args.slice(1)], env, { detached: true });
  }

  async startServer(): Promise<void> {
    const places: Readonly<Record<string, string>> = {
      [serverPaths.certificate]: this.leaf.folder,
      [serverPaths.configuration]: this.folder,
    };
    const args = this.containers.args.map((arg) =>
      Object.entries(places).reduce((text, [inPod, here]) => text.replace(`=${inPod}/`, `=${here}/`), arg.replace("=*", "=127.0.0.1")),
    );
    const here = ["-D", this.data, "-p", String(this.port), "-c", `unix_socket_directories=${this.folder}`];
    const log = fs.openSync(path.join(this.folder, "log"), "a");
    const command = `exec ${asUnprivileged()} "$0" "$@"`;
    this.server = spawn("sh", ["-c", command, this.postgresql, "postgres", ...here, "-c", "fsync=off", ...args], {
      stdio: ["ignore", log, log],
    });
    fs.closeSync(log);
    await eventually(`the server answers; what it says instead is in ${this.folder}/log`, () =>
      Promise.resolve(spawnSync(this.postgresql, ["pg_isready", "--quiet", "--host=127.0.0.1", `--port=${this.port}`]).status === 0),
    );
  }

  /** Ends the server as Kubernetes does: the image's stop signal is SIGINT, which disconnects clients. After SIGQUIT it recovers as from a crash. */
  async stopServer(signal: "SIGINT" | "SIGQUIT" = "SIGINT"): Promise<void> {
    if (this.server === undefined) return;
    const ended = once(this.server, "exit");
    this.server.kill(signal);
    await ended;
    this.server = undefined;
  }

  /** Another leaf in the Secret's place; PostgreSQL takes no key that others read. */
  mount(leaf: Readonly<Record<string, string>>): void {
    this.leaf.replace(leaf);
    for (const name of Object.keys(leaf)) {
      const link = path.join(this.leaf.folder, name);
      if (!fs.existsSync(link)) fs.symlinkSync(path.join("..data", name), link);
      fs.chmodSync(link, 0o600);
    }
  }

  /** What the superuser reads over the socket. @throws with psql's words */
  sql(text: string, database: string = administrator.database): string {
    const args = [
      "psql",
      "--no-psqlrc",
      "-qAt",
      "-v",
      "ON_ERROR_STOP=1",
      "-h",
      this.folder,
      "-p",
      String(this.port),
      "-U",
      administrator.user,
    ];
    const { status, stdout, stderr } = spawnSync(this.postgresql, [...args, "-d", database], { input: text, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return stdout.trim();
  }

  /** Runs a container's command with these variables and arguments. */
  async run(command: readonly string[], args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
    return endOf(this.spawn(command, args, env));
  }

  /** Starts a container's command, which finds PostgreSQL's programs as in the image. */
  spawn(
    command: readonly string[],
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    options: { readonly detached?: boolean } = {},
  ): ChildProcess {
    const [program = "sh", ...rest] = command;
    const PATH = `${path.join(this.folder, "bin")}:${process.env.PATH ?? ""}`;
    return spawn(program, [...rest, ...args], { ...options, env: { PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  }

  async dispose(): Promise<void> {
    await this.stopServer();
    fs.rmSync(this.folder, { recursive: true });
  }

  /** Where the data directory is made. */
  get data(): string {
    return path.join(this.folder, "data");
  }
}

/** Waits for a program that was just started. */
export async function endOf(child: ChildProcess): Promise<Ended> {
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, text: Buffer.concat(chunks).toString() };
}

/** PostgreSQL refuses to run as root; in a user namespace it is nobody, while root's files stay its own. */
function asUnprivileged(): string {
  return process.getuid?.() === 0 ? "unshare --user --map-user=65534 --map-group=65534" : "";
}
