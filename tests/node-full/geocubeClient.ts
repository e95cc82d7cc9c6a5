import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { FILL_IMAGE } from "../../config/ponosSchema";
import { typescript } from "../checks";
import type { DevStack } from "../node/devStack";
import { field, fieldsOf } from "../node/images/geocube/grpc";
import { bottleFolder, execute } from "../node/machine";
import { eventually } from "../node/podStates";
import { type ContainerProcess, runningContainers } from "../node/runningContainers";
import { SteadyCalls } from "../node/steadyCalls";
import { inGeocube } from "./geocubeStack";

const pod = "geocube-client";
const apiserver = "apiserver-service";

/** A client of Geocube in a pod of a namespace that may connect, and the storage as somebody sees it who writes scenes to it. */
export class GeocubeClient {
  private constructor(
    private readonly dev: DevStack,
    private readonly process: ContainerProcess,
    /** What pods have at `/geocube-data`. */
    readonly storage: string,
  ) {}

  static async create(dev: DevStack): Promise<GeocubeClient> {
    const containers = [{ name: "main", image: FILL_IMAGE, command: ["sleep", "infinity"] }];
    const spec = { containers, terminationGracePeriodSeconds: 1 };
    const metadata = { name: pod, namespace: "default" };
    dev.cluster.kubectlAs(dev.cluster.kubeconfig, ["apply", "-f", "-"], { apiVersion: "v1", kind: "Pod", metadata, spec });
    dev.cluster.kubectl("wait", "--for=condition=Ready", `pod/${pod}`, "--timeout=120s");
    const found = (await runningContainers(dev.cluster)).find(({ name }) => name === `default/${pod} main`);
    if (found === undefined) throw new Error(`${pod} does not run`);
    const volume = inGeocube(dev, "get", "persistentvolumeclaim", "geocube-data", "-o", "jsonpath={.spec.volumeName}");
    return new GeocubeClient(dev, found.process, path.join(bottleFolder(), "volumes", volume));
  }

  /** Where a Service is, and the name that its leaf has. */
  private place(service: string): { readonly host: string; readonly port: number; readonly servername: string } {
    const host = inGeocube(this.dev, "get", "service", service, "-o", "jsonpath={.spec.clusterIP}");
    return { host, port: 8080, servername: `${service}.geocube.svc` };
  }

  /** One call of a method. @throws Error with what the server said */
  private call(service: string, method: string, request: Buffer): ReadonlyMap<number, Buffer> {
    const { host, port, servername } = this.place(service);
    const args = [`${host}:${port}`, servername, this.dev.bundle, method, request.toString("base64")];
    const { node, pid } = this.process;
    const client = [process.execPath, ...typescript, path.join(__dirname, "geocubeCall.ts"), ...args];
    return fieldsOf(Buffer.from(node.machine.run("nsenter", ["--target", String(pid), "--net", "--", ...client]), "base64"));
  }

  /** Requests of HTTP to the server, over and over. */
  steadyCalls(): SteadyCalls {
    const called = { path: "/", status: 200, headers: {}, callers: 2, pauseMillis: 20, bundle: this.dev.bundle };
    const { node, pid } = this.process;
    return new SteadyCalls(node.machine, { ...this.place(apiserver), ...called }, pid);
  }

  private server(method: string, request: Buffer): ReadonlyMap<number, Buffer> {
    return this.call(apiserver, `/geocube.Geocube/${method}`, request);
  }

  /** Versions of server and downloader. */
  versions(): readonly string[] {
    const replies = [
      this.server("Version", Buffer.alloc(0)),
      this.call("downloader", "/geocube.GeocubeDownloader/Version", Buffer.alloc(0)),
    ];
    return replies.map((reply) => String(reply.get(1)));
  }

  /** Puts scenes into the storage and a job for them into the queue. @returns what the job is, and where its result will be */
  consolidate(scenes: readonly string[]): Job {
    const instance = randomUUID();
    const files = scenes.map((content, number) => {
      const file = path.join("scenes", instance, String(number));
      fs.mkdirSync(path.join(this.storage, path.dirname(file)), { recursive: true });
      fs.writeFileSync(path.join(this.storage, file), content);
      const container = Buffer.concat([field(1, `/geocube-data/${file}`), field(3, field(3, instance))]);
      this.server("IndexDatasets", field(1, container));
      return path.join(this.storage, file);
    });
    const reply = this.server("Consolidate", Buffer.concat([field(1, `job ${instance}`), field(2, instance), field(7, "tiles")]));
    const uri = path.join("/geocube-data/datasets/tiles", instance, "1.tif");
    return { id: String(reply.get(1)), uri, result: path.join(this.storage, "datasets/tiles", instance, "1.tif"), scenes: files };
  }

  /** The same for a scene that cannot be read to its end until it is {@link release}d. */
  consolidateSlowly(): Job {
    const job = this.consolidate(["slow"]);
    for (const scene of job.scenes) {
      fs.rmSync(scene);
      execute("mkfifo", ["-m", "644", scene]);
    }
    return job;
  }

  cancel({ id }: Job): void {
    this.server("CancelJob", field(1, id));
  }

  async reaches({ id }: Job, state: string): Promise<void> {
    await eventually(`job ${id} is ${state}`, 120, () => {
      const now = String(fieldsOf(this.server("GetJob", field(1, id)).get(1) ?? Buffer.alloc(0)).get(4));
      return now === state ? [] : [now];
    });
  }
}

/** A consolidation. */
export interface Job {
  readonly id: string;
  /** Of its result, as the database knows it. */
  readonly uri: string;
  /** File of its result. */
  readonly result: string;
  /** Files of its scenes. */
  readonly scenes: readonly string[];
}

/** Lets a slow scene be read to its end. */
export async function release({ scenes }: Job): Promise<void> {
  for (const scene of scenes) await fs.promises.writeFile(scene, "slow");
}
