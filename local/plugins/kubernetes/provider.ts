import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  EngineLog,
  JsonObject,
  Provider,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "../server/provider";
import { check } from "./check";
import { connect, isReachable } from "./cluster";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { diffConfig } from "./diffConfig";
import { read } from "./read";
import { HelmRelease } from "./helm/helmRelease";
import type { Session } from "./session";
import { readSettings } from "./settings";
import { update } from "./update";

/**
 * A stand-in for the official `kubernetes` provider, for machines that can get neither the plugin nor its Go module. `DIFFERENCES.md` lists what it
 * does otherwise.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes
 */
export class KubernetesProvider implements Provider {
  readonly name = "kubernetes";
  readonly version = "4.32.0";
  private session: Session | undefined;

  async configure(variables: JsonObject, log: EngineLog): Promise<void> {
    const settings = readSettings(variables);
    this.session = { settings, cluster: await connect(settings), log };
  }

  diffConfig(request: DiffRequest): Promise<DiffResult> {
    return Promise.resolve(diffConfig(request));
  }

  check(request: CheckRequest): Promise<CheckResult> {
    return this.release(request.type)?.check(request) ?? check(this.configured(), request);
  }

  diff(request: DiffRequest): Promise<DiffResult> {
    return this.release(request.type)?.diff(request) ?? diff(this.configured(), request);
  }

  create(request: CreateRequest): Promise<CreateResult> {
    return this.release(request.type)?.create(request) ?? create(this.configured(), request);
  }

  update(request: UpdateRequest): Promise<{ readonly outputs: JsonObject }> {
    return this.release(request.type)?.update(request) ?? update(this.configured(), request);
  }

  read(request: ReadRequest): Promise<ReadResult> {
    return this.reachableRelease(request.type)?.read(request) ?? read(this.configured(), request);
  }

  delete(request: DeleteRequest): Promise<void> {
    return this.reachableRelease(request.type)?.delete(request) ?? remove(this.configured(), request);
  }

  /** The handler of Helm releases; undefined for every other type. */
  private release(type: string): HelmRelease | undefined {
    if (type !== "kubernetes:helm.sh/v3:Release") return undefined;
    const { cluster, log } = this.configured();
    const access = isReachable(cluster) ? { client: cluster.client } : { unreachable: cluster.reason };
    return new HelmRelease({ ...access, defaultNamespace: cluster.namespace, log });
  }

  /** What an unreachable cluster held is read and deleted as every other object there. */
  private reachableRelease(type: string): HelmRelease | undefined {
    return isReachable(this.configured().cluster) ? this.release(type) : undefined;
  }

  private configured(): Session {
    if (this.session === undefined) throw new Error("the kubernetes provider was used before it was configured");
    return this.session;
  }
}
