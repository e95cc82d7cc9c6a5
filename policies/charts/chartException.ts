import type { ComponentException } from "../componentException";

/** What a chart needs of a rule; chart, parent and reason are said for several at once. */
export type ChartPart = Omit<ComponentException, "parent" | "chart" | "reason">;
