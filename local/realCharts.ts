import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { PinnedChart } from "../components/platform/chartSource";
import { certManagerChart, ingressNginxChart } from "../components/platform/platformCharts";
import { cacheRoot, projectRoot } from "./paths";
import type { Progress } from "./progress";
import { Downloader } from "./toolchain/downloader";
import { goModuleFolder } from "./toolchain/goModuleFolder";
import { runCommand } from "./toolchain/runCommand";

/** A chart, and the Go module that holds it. */
interface RealChart {
  readonly pinned: PinnedChart;
  /** With its version, e.g. `example.org/chart@v1.0.0`. */
  readonly module: string;
  /** The chart's folder in the module. */
  readonly folder: string;
  /** What is written over the version in the module's Chart.yaml, where a release does so. */
  readonly version?: string;
}

/** The charts of the platform, which a stack on the embedded control plane installs from archives. */
const realCharts: readonly RealChart[] = [
  {
    pinned: certManagerChart,
    module: `github.com/cert-manager/cert-manager@${certManagerChart.version}`,
    folder: "deploy/charts/cert-manager",
    version: certManagerChart.version,
  },
  // 4.11.0, the newest that a Go module has
  { pinned: ingressNginxChart, module: "k8s.io/ingress-nginx@v0.0.0-20240708192948-52c50467d67d", folder: "charts/ingress-nginx" },
];

/** Where `Pulumi.dev.yaml` has them from, as `<chart>.tgz`; ignored by git. */
const archives = path.join(projectRoot, "local", "charts");

/** Where {@link ensureCharts} puts a chart. @param name as its Chart.yaml has it */
export function chartArchive(name: string): string {
  return path.join(archives, `${name}.tgz`);
}

/** One for the whole process: it remembers which repositories do not answer. */
const downloader = new Downloader();

/**
 * Puts the charts into `local/charts`: from earlier runs, from their repositories, or where these do not answer from their Go modules, which
 * one line then says.
 * @param helm path of the helm binary
 * @throws Error that names the chart and why neither has it
 */
export async function ensureCharts(helm: string, progress: Progress): Promise<void> {
  const cache = path.join(cacheRoot, "charts");
  await Promise.all([archives, cache].map((folder) => fs.mkdir(folder, { recursive: true })));
  for (const chart of realCharts) {
    const { chart: name, version } = chart.pinned;
    const kept = path.join(cache, `${name}-${version}.tgz`);
    if (!existsSync(kept)) await keep(chart, kept, helm, progress);
    const draft = path.join(archives, `.${name}-${process.pid}.tgz`);
    await fs.copyFile(kept, draft);
    await fs.rename(draft, chartArchive(name));
  }
}

async function keep(chart: RealChart, kept: string, helm: string, progress: Progress): Promise<void> {
  const draft = await fs.mkdtemp(`${kept}.`);
  try {
    await obtain(chart, helm, draft, progress);
    const [archive = ""] = await fs.readdir(draft);
    await fs.rename(path.join(draft, archive), kept);
  } finally {
    await fs.rm(draft, { recursive: true });
  }
}

async function obtain(chart: RealChart, helm: string, draft: string, progress: Progress): Promise<void> {
  const { chart: name, version } = chart.pinned;
  const step = progress.start(`chart ${name}`);
  const refused = await reasonOf(() => pull(chart.pinned, helm, draft));
  if (refused === undefined) {
    step.done(`chart ${name} ${version} from ${chart.pinned.repository}`);
    return;
  }
  const reason = await reasonOf(() => packModule(chart, helm, draft));
  if (reason === undefined) {
    step.done(`chart ${(await fs.readdir(draft)).join("").replace(".tgz", "")} from its Go module (${refused})`);
    return;
  }
  step.fail("neither its repository nor its Go module can be had");
  throw new Error(
    `The chart ${name} ${version} cannot be had: ${refused}; Go module ${chart.module}: ${reason}. ` +
      `Give access to its repository, or install Go (https://go.dev/dl), then run the same command again.`,
  );
}

async function pull({ chart, repository, version }: PinnedChart, helm: string, draft: string): Promise<void> {
  const obstacle = await downloader.obstacle(repository, process.env);
  if (obstacle !== undefined) throw new Error(obstacle);
  await run(helm, ["pull", chart, "--repo", repository, "--version", version, "--destination", draft]);
}

async function packModule({ module, folder, version }: RealChart, helm: string, draft: string): Promise<void> {
  const versions = version === undefined ? [] : ["--version", version, "--app-version", version];
  await run(helm, ["package", path.join(await goModuleFolder(module), folder), ...versions, "--destination", draft]);
}

async function run(helm: string, args: readonly string[]): Promise<void> {
  const { succeeded, lines } = await runCommand(helm, args, { env: process.env });
  if (!succeeded) throw new Error(lines.at(-1)?.replace(/^Error: /, "") ?? `helm ${args[0] ?? ""} failed`);
}

/** Undefined where it was done, else why not. */
async function reasonOf(work: () => Promise<void>): Promise<string | undefined> {
  return work().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
