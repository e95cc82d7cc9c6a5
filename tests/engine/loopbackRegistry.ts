import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as https from "node:https";
import * as path from "node:path";
import { TLSSocket } from "node:tls";
import type { types } from "@pulumi/kubernetes";
import { registryPort, serverPort } from "../../components/workers/imageRegistryConfiguration";
import { type Ended, eventually } from "./controlPlaneTestbed";
import { freePort } from "./freePort";
import { LoopbackNginx } from "./loopbackNginx";
import type { MountedVolume } from "./mountedVolume";

export interface LoopbackRegistryArgs {
  /** The registry's program, and nginx'. */
  readonly programs: { readonly registry: string; readonly nginx: string };
  /** The Deployment's specification, as the cluster has it. */
  readonly deployment: types.output.apps.v1.DeploymentSpec;
  /** What the component made: `config.yml` and `nginx.conf`. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly certificate: MountedVolume;
  readonly htpasswd: string;
  readonly httpSecret: string;
  /** Where all that the process reads and writes is. */
  readonly folder: string;
}

/** The registry behind its nginx on this machine's loopback; only paths and ports differ from those in a pod. */
export class LoopbackRegistry {
  private process?: ChildProcess;
  private nginx?: LoopbackNginx;

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
      "/etc/distribution": at("configuration"),
      "/users": at("users"),
      "/var/lib/registry": at("data"),
    };
    for (const folder of Object.values(paths)) fs.mkdirSync(folder, { recursive: true });
    const [port, behind] = [await freePort(), await freePort()];
    const registry = new LoopbackRegistry(port, args, paths);
    const { "config.yml": own = "", "nginx.conf": configuration = "" } = args.configuration;
    const moved = registry.here(own).replace(`"127.0.0.1:${serverPort}"`, `"127.0.0.1:${behind}"`);
    fs.writeFileSync(path.join(at("configuration"), "config.yml"), moved);
    fs.writeFileSync(path.join(at("users"), "htpasswd"), args.htpasswd);
    const places = {
      "/etc/nginx/tls": args.certificate.folder,
      [`listen ${registryPort} `]: `listen 127.0.0.1:${port} `,
      [`127.0.0.1:${serverPort};`]: `127.0.0.1:${behind};`,
    };
    registry.nginx = new LoopbackNginx({ nginx: args.programs.nginx, configuration, places });
    await registry.serve();
    return registry;
  }

  /** The container's command, until it answers. */
  async serve(): Promise<void> {
    const [program = "", ...args] = this.deployment.template.spec.containers[0]?.command ?? [];
    const log = fs.openSync(this.logFile, "a");
    this.process = spawn(
      program,
      args.map((text) => this.here(text)),
      { env: this.env(), stdio: ["ignore", log, log] },
    );
    fs.closeSync(log);
    await eventually(`the registry answers; what it says instead is in ${this.logFile}`, async () => (await this.served()) !== undefined);
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

  private get logFile(): string {
    return path.join(this.args.folder, "loopback", "log");
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.nginx?.stop();
  }

  /** Ends the registry, not its nginx. */
  async stop(): Promise<void> {
    if (this.process?.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await ended;
  }

  private env(): NodeJS.ProcessEnv {
    const PATH = `${path.dirname(this.args.programs.registry)}:${process.env.PATH ?? ""}`;
    return { PATH, REGISTRY_HTTP_SECRET: this.args.httpSecret, OTEL_TRACES_EXPORTER: "none" };
  }

  /** In one go: the folders here may have a pod's paths in theirs. */
  private here(text: string): string {
    const inPod = new RegExp(`(?<=^|[ "])(${Object.keys(this.paths).join("|")})(?=[/ "]|$)`, "g");
    return text.replaceAll(inPod, (folder) => this.paths[folder] ?? "");
  }
}
