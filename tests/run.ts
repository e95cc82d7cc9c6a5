import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../local/paths";
import { duration } from "../local/progress";
import { checks, runNode } from "./checks";
import { runInBottle } from "./node/bottle";
import { whyNoNodes } from "./node/requirements";
import { testPatience } from "./patience";
import type { MochaReport } from "./reporter";
import { hasOfficialProvider, obtainTools } from "./testTools";

const kinds = ["lint", "unit", "policies", "engine", "provider", "node"] as const;
type Kind = (typeof kinds)[number];

const usage = `npm test -- [--only ${kinds.join("|")}] [TEXT...]
  --only  runs one kind of test only; provider: the engine tests on the official Kubernetes provider, which is built where it cannot be had;
          node: pods that really run, on two nodes in namespaces of their own (Linux, root)
  TEXT    runs the test files whose path contains one of these`;

interface Tally {
  passed: number;
  failed: number;
}

/** Two more than there are processors, because much of a run is waiting; each may have a control plane of 600 MB. */
const jobs = os.availableParallelism() + 2;

/** Of a rejection after a file's last test, when nobody listens, Node warns: one of mocha's processes that ended while it waits for files would end the whole run without a word. */
const lateRejections = "--unhandled-rejections=warn-with-error-code";

const mocha = "mocha/bin/mocha.js";

/** Engine tests of minutes, which must begin early so that nothing waits for them at the end. */
const longest = ["certificateAuthority", "program", "shards", "badMoments", "kubernetesApiExposures", "geocube", "imageRegistry"];

function isKind(text: string): text is Kind {
  return (kinds as readonly string[]).includes(text);
}

function readOptions(): { only: Kind | undefined; texts: readonly string[] } {
  const { values, positionals } = parseArgs({ options: { only: { type: "string" } }, allowPositionals: true });
  if (values.only !== undefined && !isKind(values.only))
    throw new Error(`--only ${values.only}: allowed are ${kinds.join(", ")}.\n${usage}`);
  return { only: values.only, texts: positionals };
}

function testFiles(kind: Kind, texts: readonly string[]): readonly string[] {
  const folder = path.join("tests", kind);
  const files = fs.readdirSync(path.join(projectRoot, folder)).filter((name) => name.endsWith(".test.ts"));
  const wanted = files
    .map((name) => path.join(folder, name))
    .filter((file) => texts.length === 0 || texts.some((text) => file.includes(text)));
  return wanted.sort((one, other) => rank(one) - rank(other));
}

function rank(file: string): number {
  const place = longest.indexOf(path.basename(file, ".test.ts"));
  return place < 0 ? longest.length : place;
}

function heading(text: string): void {
  console.log(`\n== ${text}`);
}

async function runChecks(tally: Tally): Promise<void> {
  for (const { name, script, args } of checks) {
    heading(name);
    const begun = Date.now();
    const passed = (await runNode(script, args)) === 0;
    console.log(`${passed ? "passed" : "FAILED"} (${duration(Date.now() - begun)})`);
    tally[passed ? "passed" : "failed"]++;
  }
}

/** Files run side by side, since those that wait for a server leave the processor to the others; but for those of one cluster. */
async function runMocha(kind: Kind, files: readonly string[], tally: Tally): Promise<void> {
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

async function runKinds(only: Kind | undefined, texts: readonly string[], tally: Tally): Promise<number> {
  const obstacle = whyNoNodes();
  const tools = await obtainTools(obstacle === undefined);
  let ran = 0;
  for (const kind of ["unit", "policies", "engine", "node"] as const) {
    const wanted = only === undefined || only === kind || (only === "provider" && kind === "engine");
    const files = wanted ? testFiles(kind, texts) : [];
    ran += files.length;
    if (files.length === 0) continue;
    if (kind === "node" && obstacle !== undefined) {
      console.log(`skipped: ${files.length} files on nodes: ${obstacle}`);
      continue;
    }
    // engine tests are those of the provider too, where it is the official one
    const official = kind === "engine" ? await hasOfficialProvider(tools, only === "provider") : undefined;
    await runMocha(kind, files, tally);
    if (official !== undefined) tellProvider(official, files.length);
  }
  return ran;
}

function tellProvider(official: boolean, files: number): void {
  if (official) {
    console.log("engine tests ran on the official Kubernetes provider");
    return;
  }
  const reason = "which is neither installed, nor to be had, nor built";
  console.log(`skipped: ${files} files on the official Kubernetes provider, ${reason}. They ran on this project's stand-in;`);
  console.log("npm test -- --only provider builds it, and runs them on it");
}

async function main(): Promise<void> {
  const { only, texts } = readOptions();
  const tally: Tally = { passed: 0, failed: 0 };
  const checked = only === "lint" || (only === undefined && texts.length === 0);
  if (checked) await runChecks(tally);
  const ran = only === "lint" ? 0 : await runKinds(only, texts, tally);
  if (!checked && ran === 0) throw new Error(`no test file's path contains ${texts.join(" or ")}.\n${usage}`);
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exit(tally.failed > 0 ? 1 : 0);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
