import type { StackConfig } from "../../config/readConfig";
import type { ClusterReader } from "../../preflight/clusterReader";
import type { AccessReviews } from "../checks/accessReview";
import type { ChartRelease, PlannedObject } from "./plannedObject";
import type { Program } from "./program";

/** A chart and what is in it with the stack's values; or why that could not be found out. */
export type RenderedChart =
  | { readonly type: "rendered"; readonly release: ChartRelease; readonly objects: readonly PlannedObject[] }
  | { readonly type: "unreachable"; readonly release: ChartRelease; readonly reason: string }
  | { readonly type: "noHelm"; readonly release: ChartRelease };

/** What the checks of doctor look at. */
export interface DoctorContext {
  readonly stack: string;
  /** Whether the cluster is the embedded control plane, on which no container runs. */
  readonly embedded: boolean;
  readonly config: StackConfig;
  readonly program: Program;
  readonly access: { readonly context: string; readonly server: string };
  readonly reviews: AccessReviews;
  /** A reader of the cluster whose requests end with `signal`. */
  readonly open: (signal: AbortSignal) => Promise<ClusterReader>;
  /** The program's charts with the stack's values; rendered once. */
  readonly charts: () => Promise<readonly RenderedChart[]>;
}

/** Everything that an update would make, as far as the charts could be read; their objects have a namespace. */
export async function allObjects({ program, charts }: DoctorContext): Promise<readonly PlannedObject[]> {
  const rendered = await charts();
  return [...program.objects, ...rendered.flatMap((chart) => (chart.type === "rendered" ? chart.objects : []))];
}
