import * as fs from "node:fs";
import * as path from "node:path";
import { performance } from "node:perf_hooks";
import type { BenchTools } from "./benchTools";
import type { MeasuredProject } from "./measure";
import { type Manifest, objectsOfStack } from "./stackObjects";

/** What others are made in, or are of: applied first. */
const firstKinds: readonly string[] = ["Namespace", "CustomResourceDefinition"];

/** What `kubectl wait` waits for, for the kinds that an `up` waits for too. */
const conditions: Readonly<Record<string, string>> = {
  CustomResourceDefinition: "Established",
  Deployment: "Available",
  Job: "Complete",
  ClusterIssuer: "Ready",
  Certificate: "Ready",
};

/** How long kubectl took for the objects of a stack. */
export interface Applied {
  /** Until the API server had all of them. */
  readonly applied: number;
  /** Until they were ready. */
  readonly ready: number;
}

/** The Kubernetes objects that a stack makes, in files, for kubectl to do the same without Pulumi. */
export class SameObjects {
  private readonly folder: string;

  private constructor(
    private readonly project: MeasuredProject,
    private readonly tools: BenchTools,
    private readonly manifests: readonly Manifest[],
  ) {
    this.folder = fs.mkdtempSync(path.join(project.root, ".same-objects-"));
  }

  /** Reads them while the stack is up. */
  static async read(project: MeasuredProject, tools: BenchTools): Promise<SameObjects> {
    return new SameObjects(project, tools, await objectsOfStack(project, tools));
  }

  get count(): number {
    return this.manifests.length;
  }

  /** Applies and waits; the stack is destroyed by then. */
  async apply(): Promise<Applied> {
    const first = this.manifests.filter(({ kind }) => firstKinds.includes(kind));
    const since = performance.now();
    await this.applyAll("first", first);
    await this.waitFor(first);
    const then = this.manifests.filter((manifest) => !first.includes(manifest));
    await this.applyAll("then", then);
    const applied = (performance.now() - since) / 1000;
    await this.waitFor(then);
    return { applied, ready: (performance.now() - since) / 1000 };
  }

  /** Deletes them, but for the CRDs, which a destroyed stack leaves as well. */
  async delete(): Promise<void> {
    const doomed = this.manifests.filter(({ kind }) => kind !== "CustomResourceDefinition");
    await this.kubectl(`kubectl delete: ${doomed.length} objects`, "delete", "--ignore-not-found", "-f", this.file("delete", doomed));
  }

  private async applyAll(name: string, manifests: readonly Manifest[]): Promise<void> {
    const args = ["apply", "--server-side", "--force-conflicts", "-f", this.file(name, manifests)];
    await this.kubectl(`kubectl apply --server-side: ${manifests.length} objects`, ...args);
  }

  private async waitFor(manifests: readonly Manifest[]): Promise<void> {
    const waits = Object.entries(conditions).flatMap(([kind, condition]) => {
      const some = manifests.filter((manifest) => manifest.kind === kind);
      return some.length === 0
        ? []
        : [{ kind, args: ["wait", `--for=condition=${condition}`, "--timeout=60s", "-f", this.file(kind, some)] }];
    });
    await Promise.all(waits.map(({ kind, args }) => this.kubectl(`kubectl wait: ${kind}`, ...args)));
  }

  private async kubectl(label: string, ...args: readonly string[]): Promise<void> {
    await this.project.execute({ label, file: this.tools.kubectl.path, args: ["--kubeconfig", this.project.kubeconfig, ...args] });
  }

  private file(name: string, items: readonly Manifest[]): string {
    const file = path.join(this.folder, `${name}.json`);
    fs.writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }), { mode: 0o600 });
    return file;
  }
}
