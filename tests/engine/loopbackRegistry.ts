import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as https from "node:https";
import * as path from "node:path";
import { TLSSocket } from "node:tls";
import type { types } from "@pulumi/kubernetes";
import { type Ended, eventually } from "./controlPlaneTestbed";
import { freePort } from "./freePort";
import type { MountedVolume } from "./mountedVolume";

export interface LoopbackRegistryArgs {
  /** The registry's program. */
  readonly program: string;
  /** The Deployment's specification, as the cluster has it. */
  readonly deployment: types.output.apps.v1.DeploymentSpec;
  /** What the component made of `config.yml`. */
  readonly configuration: string;
  readonly certificate: MountedVolume;
  readonly htpasswd: string;
  readonly httpSecret: string;
  /** Where all that the process reads and writes is. */
  readonly folder: string;
}

/** The registry on this machine's loopback; only paths and the port differ from those in a pod. */
export class LoopbackRegistry {
  private process?: ChildProcess;

  private constructor(
    /** Where it listens on 127.0.0.1. */
    readonly port: number,
    private readonly args: LoopbackRegistryArgs,
    private readonly paths: Readonly<Record<string, string>>,
  ) {}

  get deployment(): LoopbackRegistryArgs["deployment"] {
    return this.args.deployment;
  }

  static async start(args: LoopbackRegistryArgs): Promise<LoopbackRegistry> {
    const at = (name: string): string => path.join(args.folder, "loopback", name);
    const paths = {
      "/certificate": args.certificate.folder,
      "/etc/distribution": at("configuration"),
      "/users": at("users"),
      "/tmp": at("tmp"),
      "/var/lib/registry": at("data"),
    };
    for (const folder of Object.values(paths)) fs.mkdirSync(folder, { recursive: true });
    const port = await freePort();
    const registry = new LoopbackRegistry(port, args, paths);
    fs.writeFileSync(
      path.join(at("configuration"), "config.yml"),
      registry.here(args.configuration).replace('":5000"', `"127.0.0.1:${port}"`),
    );
    fs.writeFileSync(path.join(at("users"), "htpasswd"), args.htpasswd);
    await registry.serve();
    return registry;
  }

  /** The container's command, until it answers. */
  async serve(): Promise<void> {
    const [program = "", ...args] = this.deployment.template.spec.containers[0]?.command ?? [];
    const log = fs.openSync(path.join(this.args.folder, "loopback", "log"), "a");
    this.process = spawn(
      program,
      args.map((text) => this.here(text)),
      { env: this.env(), stdio: ["ignore", log, log] },
    );
    fs.closeSync(log);
    await eventually(`the registry answers: ${this.log().slice(-500)}`, async () => (await this.served()) !== undefined);
  }

  /** What a container of the pod does, by its name, or a command in it. */
  async run(command: readonly string[]): Promise<Ended> {
    const [program = "", ...args] = command.map((text) => this.here(text));
    return new Promise((resolve) => {
      execFile(program, args, { env: this.env() }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : 1, output: stdout + stderr });
      });
    });
  }

  /** Serial number of the leaf that is served. */
  served(): Promise<string | undefined> {
    return new Promise((resolve) => {
      const request = https.get({ host: "127.0.0.1", port: this.port, path: "/", agent: false, rejectUnauthorized: false }, (response) => {
        const { socket } = response;
        const serialNumber = socket instanceof TLSSocket ? socket.getPeerCertificate().serialNumber : undefined;
        response.resume();
        resolve(response.statusCode === 200 ? serialNumber : undefined);
      });
      request.on("error", () => {
        resolve(undefined);
      });
    });
  }

  /** What the registry printed. */
  log(): string {
    return fs.readFileSync(path.join(this.args.folder, "loopback", "log"), "utf8");
  }

  async stop(): Promise<void> {
    if (this.process?.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await ended;
  }

  private env(): NodeJS.ProcessEnv {
    const PATH = `${path.dirname(this.args.program)}:${process.env.PATH ?? ""}`;
    return { PATH, REGISTRY_HTTP_SECRET: this.args.httpSecret, OTEL_TRACES_EXPORTER: "none" };
  }

  /** In one go: the folders here may have a pod's paths in theirs. */
  private here(text: string): string {
    const inPod = new RegExp(`(?<=^|[ "])(${Object.keys(this.paths).join("|")})(?=[/ "]|$)`, "g");
    return text.replaceAll(inPod, (folder) => this.paths[folder] ?? "");
  }
}
