import * as os from "node:os";
import { markdownTable } from "../local/textTable";

/** Seconds, megabytes of 10^6 bytes, or how many times as long. */
export type Unit = "s" | "MB" | "times";

interface Row {
  readonly what: string;
  readonly unit: Unit;
  readonly values: number[];
}

const header = ["measured", "median", "least", "most", "runs", "aim"];

/** The columns of numbers. */
const numeric = [1, 2, 3, 4];

/** What the project aims for on two idle cores. A missed aim fails nothing: it is there to be seen. */
const aims: Readonly<Record<string, string>> = {
  "control plane, warm start": "≤ 5 s",
  "up, warm": "≤ 30 s",
  "up, nothing to do": "≤ 8 s",
  "peak memory: node automation/up.ts": "≤ 500 MB",
  "toolchain into an empty cache": "≤ 720 s",
};

/** The value in the middle; of an even number of values the mean of the two in the middle. @throws Error when there is no value */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error("median of no values");
  return (low + high) / 2;
}

/** Measured values by name, each with a median and its spread. */
export class Table {
  private readonly rows = new Map<string, Row>();

  /** Adds one more value of `what`. */
  add(what: string, unit: Unit, value: number): void {
    const row = this.rows.get(what) ?? { what, unit, values: [] };
    row.values.push(value);
    this.rows.set(what, row);
  }

  /** A Markdown table under a line that says of which machine it is: times, then ratios, then memory, each in the order of their first value. */
  text(): string {
    const rows = [...this.rows.values()];
    const ordered = (["s", "times", "MB"] as const).flatMap((unit) => rows.filter((row) => row.unit === unit));
    return `${machine()}\n\n${markdownTable(header, ordered.map(cells), numeric)}`;
  }
}

function cells({ what, unit, values }: Row): string[] {
  const shown = [median(values), Math.min(...values), Math.max(...values)].map((value) => format(value, unit));
  return [what, ...shown, String(values.length), aims[what] ?? ""];
}

function format(value: number, unit: Unit): string {
  return `${value.toFixed(unit === "MB" || value >= 99.95 ? 0 : 1)} ${unit === "times" ? "x" : unit}`;
}

function machine(): string {
  const memory = (os.totalmem() / 2 ** 30).toFixed(0);
  const load = (os.loadavg()[2] ?? 0).toFixed(1);
  return `${os.availableParallelism()} cores, ${memory} GiB of memory, Node ${process.versions.node}, average load of the last 15 minutes ${load}`;
}
