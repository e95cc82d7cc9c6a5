import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../local/paths";
import { duration } from "../local/progress";
import { checks, runNode } from "./checks";
import { heading, runMocha, type Tally } from "./mochaRun";
import { whyNoNodes } from "./node/requirements";
import { hasOfficialProvider, obtainTools } from "./testTools";

const kinds = ["lint", "unit", "policies", "engine", "provider", "node", "node-full"] as const;
type Kind = (typeof kinds)[number];
const mochaKinds = ["unit", "policies", "engine", "node", "node-full"] as const;
type MochaKind = (typeof mochaKinds)[number];

const usage = `npm test -- [--only ${kinds.join("|")}] [TEXT...]
  --only  runs one kind of test only; provider: the engine tests on the official Kubernetes provider, which is built where it cannot be had;
          node: pods that really run, on two nodes in namespaces of their own (Linux, root);
          node-full: those of them that take longer, which run for nothing else
  TEXT    runs the test files whose path contains one of these`;

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

function testFiles(kind: MochaKind, texts: readonly string[]): readonly string[] {
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

async function runChecks(tally: Tally): Promise<void> {
  for (const { name, script, args } of checks) {
    heading(name);
    const begun = Date.now();
    const passed = (await runNode(script, args)) === 0;
    console.log(`${passed ? "passed" : "FAILED"} (${duration(Date.now() - begun)})`);
    tally[passed ? "passed" : "failed"]++;
  }
}

/** The wanted files of each kind. */
function filesOf(only: Kind | undefined, texts: readonly string[]): Readonly<Record<MochaKind, readonly string[]>> {
  const always = (kind: MochaKind): boolean => only === undefined && kind !== "node-full";
  const wanted = (kind: MochaKind): boolean => always(kind) || only === kind || (only === "provider" && kind === "engine");
  return Object.fromEntries(mochaKinds.map((kind) => [kind, wanted(kind) ? testFiles(kind, texts) : []])) as Record<MochaKind, string[]>;
}

async function runKinds(files: ReturnType<typeof filesOf>, only: Kind | undefined, tally: Tally): Promise<void> {
  const obstacle = whyNoNodes();
  const onNodes = [...files.node, ...files["node-full"]];
  const nodes = obstacle === undefined ? onNodes : [];
  const tools = await obtainTools(nodes.length > 0);
  // engine tests are those of the provider too, where it is the official one
  const official = files.engine.length > 0 && (await hasOfficialProvider(tools, only === "provider"));
  await runMocha("unit", files.unit, tally);
  await runMocha("policies", files.policies, tally);
  await runMocha("engine", files.engine, tally);
  await runMocha("node", nodes, tally);
  if (files.engine.length > 0) tellProvider(official, files.engine.length);
  if (onNodes.length > nodes.length) console.log(`skipped: ${onNodes.length} files on nodes: ${obstacle ?? ""}`);
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
  const files = filesOf(only, texts);
  const none = Object.values(files).every(({ length }) => length === 0);
  if (none && !checked) throw new Error(`no test file's path contains ${texts.join(" or ")}.\n${usage}`);
  if (!none) await runKinds(files, only, tally);
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exit(tally.failed > 0 ? 1 : 0);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
