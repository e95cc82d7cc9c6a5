import { version } from "@pulumi/kubernetes/package.json";
import type { DiffRequest, DiffResult, EngineLog, JsonObject, Provider, Resource } from "../server/provider";
import { ClusterConfig } from "./clusterConfig";
import { HelmRelease } from "./helm/helmRelease";
import { inputDiff } from "./inputDiff";
import { ObjectApi } from "./objectApi";
import { ObjectResource } from "./objectResource";

const RELEASE = "kubernetes:helm.sh/v3:Release";

/** A try-out of the official `kubernetes` provider, for the embedded control plane of a machine that cannot have it. */
export class KubernetesProvider implements Provider {
  readonly name = "kubernetes";
  readonly version = version;
  private resources: { readonly object: Resource; readonly release: Resource } | undefined;

  configure(inputs: JsonObject, log: EngineLog): void {
    const config = ClusterConfig.of(inputs);
    // the engine hands inputs of a provider over as texts
    const force = inputs.enablePatchForce === true || inputs.enablePatchForce === "true";
    this.resources = { object: new ObjectResource(ObjectApi.open(config), force, log), release: new HelmRelease(config) };
  }

  /** Another `clusterIdentifier` is another cluster, which replaces everything; whatever else changes is how to reach it. */
  diffConfig({ oldInputs, newInputs }: DiffRequest): DiffResult {
    const changed = [...inputDiff(oldInputs, newInputs).keys()];
    return { changes: changed.length > 0, diffs: changed, replaces: changed.filter((key) => key === "clusterIdentifier") };
  }

  resource(type: string): Resource {
    if (this.resources === undefined) throw new Error("the kubernetes provider was used before it was configured");
    return type === RELEASE ? this.resources.release : this.resources.object;
  }
}
