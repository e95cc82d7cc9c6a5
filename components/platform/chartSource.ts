/** Where a chart comes from: a repository, an OCI registry, a directory or an archive. */
export interface ChartSource {
  /** A name in the repository, `oci://…`, or the path of a directory or archive. @default the component's pinned chart */
  readonly chart?: string;
  /** The repository's address; only for a chart that is a name. @default the component's pinned repository */
  readonly repository?: string;
  /** @default the component's pinned version; a directory or an archive has its own */
  readonly version?: string;
}

/** The chart that a component installs where the stack names no other. */
export type PinnedChart = Required<ChartSource>;

interface ReleaseSource {
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
}

/** The arguments of a `helm.v3.Release` for the chart that the stack chose, or else the pinned one. */
export function releaseSource(
  pinned: PinnedChart,
  { chart = pinned.chart, repository = pinned.repository, version }: ChartSource,
): ReleaseSource {
  if (isPath(chart)) return { chart };
  const source = { chart, version: version ?? pinned.version };
  return chart.startsWith("oci://") ? source : { ...source, repositoryOpts: { repo: repository } };
}

/** Whether the chart is a directory or an archive on this machine. */
export function isPath(chart: string): boolean {
  return chart.startsWith(".") || chart.startsWith("/") || chart.endsWith(".tgz");
}
