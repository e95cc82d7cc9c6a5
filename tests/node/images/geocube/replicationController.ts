import { candidates, type Cost } from "./deletionCandidates";
import { log } from "./goProgram";
import { InCluster, type Pod } from "./inCluster";

const label = "go-k8s-pod-rc";
const costMillis = 3000;

/**
 * Makes and deletes bare pods after a ReplicationController's template.
 * @see https://github.com/airbusgeo/geocube/blob/5fceb562227b7015188361819e514608d4f7b623/interface/autoscaler/k8s/replication-controller.go
 */
export class ReplicationController {
  private readonly api = new InCluster();

  constructor(
    private readonly name: string,
    private readonly namespace: string,
    /** Where a pod tells what its end would cost. */
    private readonly cost: { readonly path: string; readonly port: number },
  ) {}

  async size(): Promise<number> {
    return (await this.pods()).filter(isActive).length;
  }

  async resize(size: number): Promise<void> {
    const all = await this.pods();
    if (size === 0) return this.delete(all);
    const active = all.filter(isActive);
    for (const pod of all.filter((each) => !isActive(each)))
      await this.delete([pod]).catch((error: unknown) => {
        log("error", `delete ${pod.metadata.name}`, { error: String(error) });
      });
    if (size > active.length && active.some(({ status }) => status.phase === "Pending"))
      throw new Error(`not applying resize to ${size}, cluster not at target`);
    for (let count = active.length; count < size; count++) await this.create();
    await this.delete(active.slice(size));
  }

  async scaleDown(size: number): Promise<void> {
    const all = await this.pods();
    const surplus = all.length - size;
    if (surplus <= 0) throw new Error(`scaledown called with invalid size ${size} (${all.length} replicas available)`);
    await this.delete(await candidates(all, surplus, (pods) => this.costs(pods)));
  }

  private async pods(): Promise<readonly Pod[]> {
    const selector = encodeURIComponent(`${label}=${this.name}`);
    const list = await this.api.call("GET", `/api/v1/namespaces/${this.namespace}/pods?labelSelector=${selector}`);
    return (list as { readonly items: readonly Pod[] }).items;
  }

  /** As upstream's code does, the template is read anew for each pod, and nothing of it but the spec is taken. */
  private async create(): Promise<void> {
    const place = `/api/v1/namespaces/${this.namespace}`;
    const { spec } = (await this.api.call("GET", `${place}/replicationcontrollers/${this.name}`)) as Template;
    const metadata = { generateName: `${this.name}-${label}-`, labels: { [label]: this.name } };
    await this.api.call("POST", `${place}/pods`, { apiVersion: "v1", kind: "Pod", metadata, spec: this.together(spec.template.spec) });
  }

  /** With the others on one node, where that is possible. */
  private together(spec: PodSpec): object {
    const labelSelector = { matchExpressions: [{ key: label, operator: "In", values: [this.name] }] };
    const own = { weight: 1, podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector } };
    const preferred = spec.affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const podAffinity = { ...spec.affinity?.podAffinity, preferredDuringSchedulingIgnoredDuringExecution: [...preferred, own] };
    return { ...spec, affinity: { ...spec.affinity, podAffinity } };
  }

  private async delete(pods: readonly Pod[]): Promise<void> {
    for (const { metadata } of pods)
      await this.api.call("DELETE", `/api/v1/namespaces/${this.namespace}/pods/${metadata.name}`, { gracePeriodSeconds: 0 });
  }

  /** A pod that does not answer has none. */
  private async costs(pods: readonly Pod[]): Promise<readonly Cost[]> {
    const asked = await Promise.all(pods.map((pod, index) => this.costOf(pod).then((cost) => ({ index, cost, node: pod.spec.nodeName }))));
    return asked.flatMap(({ cost, ...rest }) => (cost === undefined ? [] : [{ ...rest, cost }]));
  }

  private async costOf({ status }: Pod): Promise<number | undefined> {
    const { path, port } = this.cost;
    if (path === "") return 0;
    const place = `http://${status.podIP ?? ""}${port === 0 || port === 80 ? "" : `:${port}`}/${path.replace(/^\//, "")}`;
    try {
      const answer = await fetch(place, { signal: AbortSignal.timeout(costMillis) });
      const text = await answer.text();
      return answer.status === 200 && /^\s*\d+/.test(text) ? parseInt(text, 10) : undefined;
    } catch {
      return undefined;
    }
  }
}

interface PodSpec {
  readonly affinity?: { readonly podAffinity?: { readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly object[] } };
}

interface Template {
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}

function isActive({ status, metadata }: Pod): boolean {
  return status.phase !== "Succeeded" && status.phase !== "Failed" && metadata.deletionTimestamp === undefined;
}
