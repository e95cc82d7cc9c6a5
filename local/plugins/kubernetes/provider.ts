import { version } from "@pulumi/kubernetes/package.json";
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
import { connect, isReachable } from "./cluster";
import { diffConfig } from "./diffConfig";
import { HelmRelease } from "./helm/helmRelease";
import { ObjectResource, type Resource } from "./objectResource";
import { RELEASE } from "./resourceType";
import { readSettings } from "./settings";

/**
 * A stand-in for the official `kubernetes` provider, for machines that can get neither the plugin nor its Go module. `DIFFERENCES.md` lists what it
 * does otherwise.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes
 */
export class KubernetesProvider implements Provider {
  readonly name = "kubernetes";
  readonly version = version;
  private objects: Resource | undefined;
  private releases: Resource | undefined;

  async configure(variables: JsonObject, log: EngineLog): Promise<void> {
    const settings = readSettings(variables);
    const cluster = await connect(settings);
    this.objects = new ObjectResource({ settings, cluster, log });
    const access = isReachable(cluster) ? { client: cluster.client } : { unreachable: cluster.reason };
    this.releases = new HelmRelease({ ...access, defaultNamespace: cluster.namespace, log });
  }

  diffConfig(request: DiffRequest): Promise<DiffResult> {
    return Promise.resolve(diffConfig(request));
  }

  check(request: CheckRequest): Promise<CheckResult> {
    return this.resource(request.type).check(request);
  }

  diff(request: DiffRequest): Promise<DiffResult> {
    return this.resource(request.type).diff(request);
  }

  create(request: CreateRequest): Promise<CreateResult> {
    return this.resource(request.type).create(request);
  }

  update(request: UpdateRequest): Promise<{ readonly outputs: JsonObject }> {
    return this.resource(request.type).update(request);
  }

  read(request: ReadRequest): Promise<ReadResult> {
    return this.resource(request.type).read(request);
  }

  delete(request: DeleteRequest): Promise<void> {
    return this.resource(request.type).delete(request);
  }

  private resource(type: string): Resource {
    const resource = type === RELEASE ? this.releases : this.objects;
    if (resource === undefined) throw new Error("the kubernetes provider was used before it was configured");
    return resource;
  }
}
