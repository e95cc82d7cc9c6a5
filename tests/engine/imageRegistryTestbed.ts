import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import { once } from "node:events";
import * as path from "node:path";
import { silentProgress } from "../../local/progress";
import { ensureTools, type Tools } from "../../local/toolchain/ensureTools";
import type { Ended } from "./controlPlaneTestbed";
import { LoopbackRegistry } from "./loopbackRegistry";
import { MountedVolume } from "./mountedVolume";
import { passwordsVariable } from "./imageRegistryProgram";
import { ProjectCopy, type Run } from "./projectCopy";

/** What a client of the registry has. */
export interface Client {
  /** Text of Docker's `config.json`. */
  readonly dockerConfig: string;
  /** PEM of all that it trusts. */
  readonly ca: string;
}

type Files = Readonly<Record<string, string>>;

/** The dev stack with a registry, and the registry's program on loopback with what the component made for its pod. */
export class ImageRegistryTestbed {
  readonly project = new ProjectCopy(["ingressNginx", "workers"]);
  /** The leaf as the pod mounts it; there once the registry runs. */
  certificate?: MountedVolume;
  private readonly started: { stop(): Promise<void> }[] = [];

  private constructor(private readonly tools: Tools<"registry" | "nginx" | "crane" | "kubectl">) {
    const index = 'import { program } from "./tests/engine/imageRegistryProgram";\nexport = program;\n';
    fs.writeFileSync(path.join(this.project.root, "index.ts"), index);
  }

  static async create(): Promise<ImageRegistryTestbed> {
    return new ImageRegistryTestbed(await ensureTools(["registry", "nginx", "crane", "kubectl"], silentProgress));
  }

  /** Brings the stack up with this section `workers.registry` and these given passwords. */
  up(registry: object, passwords: Files): Run {
    this.project.configure({ "trustplane:workers": { registry } });
    return this.project.runWith({ [passwordsVariable]: JSON.stringify(passwords) }, "up").expect(0);
  }

  /** Runs kubectl. @throws Error with what it printed */
  kubectl(...args: readonly string[]): string {
    const options = { encoding: "utf8", stdio: "pipe" } as const;
    return execFileSync(this.tools.kubectl.path, ["--kubeconfig", this.project.kubeconfig, ...args], options).trim();
  }

  /** An object as the cluster has it. */
  json(...object: readonly string[]): unknown {
    return JSON.parse(this.kubectl("get", ...object, "-o", "json"));
  }

  /** A Secret as files. */
  secret(name: string, namespace = "image-registry"): Files {
    const { data } = this.json("-n", namespace, "secret", name) as { data: Files };
    return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
  }

  /** The registry as its pod would run it, with volumes of their own; the data outlives it. */
  async registry(): Promise<LoopbackRegistry> {
    const { htpasswd = "", "http-secret": httpSecret = "" } = this.secret("image-registry");
    const { spec } = this.json("-n", "image-registry", "deployment", "image-registry") as { spec: LoopbackRegistry["deployment"] };
    const { data } = this.json("-n", "image-registry", "configmap", "image-registry") as { data: Files };
    const certificate = (this.certificate ??= new MountedVolume(this.folder("certificate"), this.secret("image-registry-host-tls")));
    const registry = await LoopbackRegistry.start({
      programs: { registry: this.tools.registry.path, nginx: this.tools.nginx.path },
      deployment: spec,
      configuration: data,
      certificate,
      htpasswd,
      httpSecret,
      folder: this.project.root,
    });
    this.started.push({ stop: () => registry.dispose() });
    return registry;
  }

  /** crane, which finds every host at `registry`. */
  async crane(registry: LoopbackRegistry, { dockerConfig, ca }: Client, ...args: readonly string[]): Promise<Ended> {
    const home = this.folder("client");
    for (const [name, text] of Object.entries({ "config.json": dockerConfig, "ca.pem": ca })) fs.writeFileSync(path.join(home, name), text);
    const proxy = await this.proxyTo(registry.port);
    const trust = { SSL_CERT_FILE: path.join(home, "ca.pem"), SSL_CERT_DIR: this.folder("no-certificates") };
    const env = { HOME: home, DOCKER_CONFIG: home, HTTPS_PROXY: proxy, ...trust };
    return new Promise((resolve) => {
      execFile(this.tools.crane.path, args, { env, cwd: home }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : 1, output: stdout + stderr });
      });
    });
  }

  /** A folder of this name. */
  folder(name: string): string {
    const folder = path.join(this.project.root, "loopback", name);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }

  async dispose(): Promise<void> {
    for (const each of this.started.reverse()) await each.stop();
    this.project.dispose();
  }

  /** Stands for the client's DNS: whatever host and port it asks for is this port of 127.0.0.1. */
  private async proxyTo(port: number): Promise<string> {
    const server = http.createServer();
    server.on("connect", (_request, client: net.Socket) => {
      const upstream = net.connect(port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        client.pipe(upstream).pipe(client);
      });
      for (const [one, other] of [[client, upstream] as const, [upstream, client] as const]) one.on("error", () => other.destroy());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.started.push({ stop: () => Promise.resolve(void server.close()) });
    return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  }
}
