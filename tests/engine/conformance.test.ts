import * as assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { version as sdkVersion } from "@pulumi/kubernetes/package.json";
import { controlPlaneTools } from "../../local/controlPlane/components";
import { ensureControlPlane } from "../../local/controlPlane/ensureControlPlane";
import { stopControlPlane } from "../../local/controlPlane/stopControlPlane";
import { writeStandIn } from "../../local/plugins/standIn";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import type { CaseEnvironment } from "./conformance/caseStack";
import { differences } from "./conformance/differences";
import { expectedDifferences } from "./conformance/expectedDifferences";
import type { CaseRecord } from "./conformance/record";

const records = path.join(__dirname, "conformance", "records");
/** Of the SDK and the provider that were recorded. */
const recordedVersion = "4.32.0";
/** One case for each thing that the platform's objects rely on; `all` takes minutes more. */
const everyRun = [
  "cm-mutable",
  "crd-cr",
  "drift-deleted",
  "drift-field",
  "exists",
  "patch-conflict",
  "role",
  "sapatch",
  "secret-stringdata",
];
const chosen = process.env.TRUSTPLANE_TEST_CASES?.split(",") ?? everyRun;
const names = fs
  .readdirSync(records)
  .map((file) => path.basename(file, ".json"))
  .filter((name) => chosen.includes("all") || chosen.includes(name));

interface Outcome {
  readonly name?: string;
  readonly record?: CaseRecord;
  readonly failure?: string;
}

interface Waiting {
  readonly resolve: (record: CaseRecord) => void;
  readonly reject: (error: Error) => void;
}

/** Two processes that share the cases. */
class Workers {
  private readonly outcomes = new Map<string, Waiting>();
  private readonly queue: string[] = [];
  private readonly idle: ChildProcess[] = [];
  private readonly children: readonly ChildProcess[];

  constructor(environment: CaseEnvironment) {
    const start = (): ChildProcess =>
      fork(path.join(__dirname, "conformance", "worker.ts"), [JSON.stringify(environment)], {
        execArgv: ["--require", require.resolve("../../local/typescript")],
      });
    this.children = [start(), start()];
    for (const child of this.children)
      child.on("message", (outcome: Outcome) => {
        this.settle(outcome, child);
      });
  }

  run(name: string): Promise<CaseRecord> {
    const run = new Promise<CaseRecord>((resolve, reject) => this.outcomes.set(name, { resolve, reject }));
    run.catch(() => undefined);
    this.queue.push(name);
    this.next();
    return run;
  }

  stop(): void {
    for (const child of this.children) child.disconnect();
  }

  private settle({ name, record, failure }: Outcome, child: ChildProcess): void {
    const outcome = name === undefined ? undefined : this.outcomes.get(name);
    if (record !== undefined) outcome?.resolve(record);
    if (failure !== undefined) outcome?.reject(new Error(failure));
    this.idle.push(child);
    this.next();
  }

  private next(): void {
    if (this.queue.length === 0 || this.idle.length === 0) return;
    this.idle.pop()?.send(this.queue.shift() ?? "");
  }
}

/** What was recorded, by today's version of the SDK: a program asks for a plugin of that version, and the engine names the default provider by it. */
function readRecord(name: string): CaseRecord {
  const recorded = fs.readFileSync(path.join(records, `${name}.json`), "utf8");
  const [inNames, inNamesNow] = [recordedVersion, sdkVersion].map((version) => version.replaceAll(".", "_")) as [string, string];
  return JSON.parse(recorded.replaceAll(recordedVersion, sdkVersion).replaceAll(inNames, inNamesNow)) as CaseRecord;
}

describe("KubernetesProvider, against the records of the official one", () => {
  const runs = new Map<string, Promise<CaseRecord>>();
  let root: string;
  let workers: Workers;

  before(async () => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "trustplane-conformance-"));
    const tools = await ensureTools(["pulumi", "helm", "kubectl", ...controlPlaneTools], silentProgress);
    const kubeconfig = process.env.TRUSTPLANE_TEST_KUBECONFIG ?? (await ensureControlPlane(tools, silentProgress, root)).kubeconfig;
    const provider = writeStandIn(path.join(root, "plugins"), "kubernetes", {});
    workers = new Workers({ kubeconfig, pulumi: tools.pulumi.path, kubectl: tools.kubectl.path, provider });
    for (const name of names) runs.set(name, workers.run(name));
  });

  after(async () => {
    workers.stop();
    if (process.env.TRUSTPLANE_TEST_KUBECONFIG === undefined) await stopControlPlane(silentProgress, root);
    fs.rmSync(root, { recursive: true, force: true });
  });

  for (const name of names) {
    it(`${name} goes as recorded`, async () => {
      const run = await runs.get(name);
      assert.ok(run);
      assert.deepEqual(differences(readRecord(name), run), expectedDifferences[name] ?? []);
    });
  }
});
