import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../local/paths";
import { duration } from "../local/progress";
import { runNode } from "./checks";
import { runInBottle } from "./node/bottle";
import { testPatience } from "./patience";
import type { MochaReport } from "./reporter";

/** How many tests and checks passed, and how many did not. */
export interface Tally {
  passed: number;
  failed: number;
}

/** Two more than there are processors, because much of a run is waiting; each may have a control plane of 600 MB. */
const jobs = os.availableParallelism() + 2;

/** Of a rejection after a file's last test, when nobody listens, Node warns: one of mocha's processes that ended while it waits for files would end the whole run without a word. */
const lateRejections = "--unhandled-rejections=warn-with-error-code";

const mocha = "mocha/bin/mocha.js";

export function heading(text: string): void {
  console.log(`\n== ${text}`);
}

/** Files run side by side, since those that wait for a server leave the processor to the others; but for those of one cluster. */
export async function runMocha(kind: string, files: readonly string[], tally: Tally): Promise<void> {
  if (files.length === 0) return;
  heading(`${kind} tests: ${files.length} files`);
  const begun = Date.now();
  const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "tests-")), "report.json");
  const modules = ["local/typescript.js", "tests/workerHome.ts", "tests/liveResults.ts", "tests/strayRejections.ts"];
  const required = modules.flatMap((module) => ["--require", path.join(projectRoot, module)]);
  const reporters = ["--reporter", path.join(projectRoot, "tests", "reporter.ts"), "--reporter-option", `output=${report}`];
  const args = [lateRejections, "--timeout", String(testPatience), "--exit", ...required, ...reporters, ...files];
  const sideBySide = ["--parallel", "--jobs", String(jobs)];
  const status = await (kind === "node"
    ? runInBottle([path.join(projectRoot, "node_modules", mocha), ...args])
    : runNode(mocha, [...sideBySide, ...args]));
  count(report, files, status, tally);
  fs.rmSync(path.dirname(report), { recursive: true, force: true });
  console.log(`${kind} tests took ${duration(Date.now() - begun)}`);
}

function count(report: string, files: readonly string[], status: number, tally: Tally): void {
  if (!fs.existsSync(report)) {
    console.log(`mocha ended with exit code ${status} before it could report`);
    tally.failed++;
    return;
  }
  const { passes, failures, pending, files: ran } = JSON.parse(fs.readFileSync(report, "utf8")) as MochaReport;
  tally.passed += passes;
  tally.failed += failures > 0 || status === 0 ? failures : 1;
  for (const file of files.filter((name) => !ran.includes(path.join(projectRoot, name)))) {
    console.log(`${file}: no test ran`);
    tally.failed++;
  }
  if (pending > 0) console.log(`skipped: ${pending} tests`);
}
