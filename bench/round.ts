import type { BenchTools } from "./benchTools";
import { MemoryPeaks } from "./memory";
import type { MeasuredProject } from "./measure";
import { SameObjects } from "./sameObjects";
import type { Table } from "./table";

const up = "automation/up.ts";
const preview = "automation/preview.ts";
const destroy = "automation/destroy.ts";

/** Measures everything once. What is compared is run right after each other. */
export class Round {
  constructor(
    private readonly project: MeasuredProject,
    private readonly tools: BenchTools,
    private readonly table: Table,
  ) {}

  async run(): Promise<void> {
    await this.project.script("removing the control plane and the state", "local/down.ts");
    await this.timed("up, cold", up);
    await this.timed("up, nothing to do", up);
    await this.previews();
    await this.controlPlaneStart();
    await this.timed("destroy", destroy);
    await this.compare(await this.timed("up, warm", up));
    await this.memory();
  }

  private async timed(what: string, file: string): Promise<number> {
    const { seconds } = await this.project.script(what, file);
    this.table.add(what, "s", seconds);
    return seconds;
  }

  private async previews(): Promise<void> {
    const judged = await this.timed("preview, nothing to do", preview);
    const plain = await this.project.withoutPacks(() => this.timed("the same without policy packs", preview));
    this.table.add("preview with policy packs / without", "times", judged / plain);
  }

  private async controlPlaneStart(): Promise<void> {
    const what = "control plane, warm start";
    const { stdout } = await this.project.script(what, "bench/controlPlaneStart.ts");
    this.table.add(what, "s", Number(stdout));
  }

  private async compare(upSeconds: number): Promise<void> {
    const objects = await SameObjects.read(this.project, this.tools);
    await this.project.script("destroying the stack", destroy);
    const { applied, ready } = await objects.apply();
    await objects.delete();
    const what = `kubectl apply --server-side, the same ${objects.count} objects`;
    this.table.add(what, "s", applied);
    this.table.add("the same, and kubectl wait until they are ready", "s", ready);
    this.table.add("up, warm / kubectl apply", "times", upSeconds / applied);
    this.table.add("up, warm / kubectl apply and wait", "times", upSeconds / ready);
  }

  /** In runs of their own: looking costs time. */
  private async memory(): Promise<void> {
    const memory = new MemoryPeaks(this.project.root);
    const watch = memory.watch.bind(memory);
    await this.project.script("up, watched for its memory", up, { watch });
    await memory.takeControlPlane();
    for (const [name, megabytes] of memory.peaks) this.table.add(`peak memory: ${name}`, "MB", megabytes);
  }
}
