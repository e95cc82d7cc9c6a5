import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { LocalWorkspace, PulumiCommand, type ProjectSettings, type Stack } from "@pulumi/pulumi/automation";
import { RegistrationGuard } from "../../../automation/registrationGuard";
import type { StandIn } from "../../../local/plugins/standIn";
import type { Json, JsonObject } from "../../../local/plugins/server/provider";
import { Normaliser } from "./normalise";
import { type CaseRecord, type RecordedRun, type RecordedStep } from "./record";
import { RunRecorder } from "./runRecorder";
import type { CaseContext, CaseStep, TestCase } from "./testCase";

/** What cases run with. */
export interface CaseEnvironment {
  /** Path of the cluster's kubeconfig. */
  readonly kubeconfig: string;
  /** Paths of the binaries. */
  readonly pulumi: string;
  readonly kubectl: string;
  readonly provider: StandIn;
}

/** The program's connection to the engine breaks about once in 300 operations; see {@link RegistrationGuard}. */
const attempts = 3;

type Operation = "preview" | "up" | "refresh" | "destroy";
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Runs a case on a stack of its own in a temporary folder, and records it. */
export async function runCase(testCase: TestCase, environment: CaseEnvironment): Promise<CaseRecord> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), `trustplane-${testCase.name}-`));
  const runner = new CaseRunner(testCase, environment, work);
  try {
    return await runner.run();
  } finally {
    await runner.cleanUp();
    fs.rmSync(work, { recursive: true, force: true });
  }
}

class CaseRunner {
  private readonly context: CaseContext;
  private readonly normaliser: Normaliser;
  private readonly guard = new RegistrationGuard();
  private program: (context: CaseContext) => void = () => undefined;
  private stack: Stack | undefined;

  constructor(
    private readonly testCase: TestCase,
    private readonly environment: CaseEnvironment,
    private readonly work: string,
  ) {
    const kubeconfig = fs.readFileSync(environment.kubeconfig, "utf8");
    const server = /server:\s*"?https?:\/\/([^\s"]+)/.exec(kubeconfig)?.[1] ?? "no server";
    const kubectl = (args: readonly string[], input = ""): Promise<string> => this.kubectl(args, input);
    const apply = (object: object, ...flags: readonly string[]): Promise<string> =>
      kubectl(["apply", "-f", "-", ...flags], JSON.stringify(object));
    this.context = { namespace: `c-${testCase.name}`, kubeconfig, kubectl, apply };
    const literals = [
      [JSON.stringify(kubeconfig).slice(1, -1), "<kubeconfig>"],
      [kubeconfig, "<kubeconfig>"],
      [server, "<apiserver>"],
    ] as const;
    this.normaliser = new Normaliser(literals);
  }

  async run(): Promise<CaseRecord> {
    const { name, steps, namespaced = true } = this.testCase;
    if (namespaced) await this.context.kubectl(["create", "namespace", this.context.namespace]);
    const stack = await this.createStack();
    this.stack = stack;
    // the API asks for both after each operation, in processes of their own, and no record holds either
    stack.outputs = () => Promise.resolve({});
    stack.info = () => Promise.resolve(undefined);
    const recorded: RecordedStep[] = [];
    for (const step of steps) recorded.push(await this.step(step, stack));
    return { case: name, steps: recorded };
  }

  async cleanUp(): Promise<void> {
    const { namespaced = true, cleanup } = this.testCase;
    const { kubectl, namespace } = this.context;
    await this.stack?.destroy({ color: "never" }).catch(() => undefined);
    await cleanup?.(this.context).catch(() => undefined);
    if (namespaced) await kubectl(["delete", "namespace", namespace, "--wait=false"]).catch(() => undefined);
  }

  private async createStack(): Promise<Stack> {
    const { environment, work } = this;
    const bin = path.join(work, "cli", "bin");
    for (const folder of ["state", "project", "home", bin]) fs.mkdirSync(path.resolve(work, folder), { recursive: true });
    fs.symlinkSync(environment.pulumi, path.join(bin, "pulumi"));
    const plugins = { providers: [environment.provider] };
    const projectSettings = { name: "conf", runtime: "nodejs", plugins } as ProjectSettings;
    const program = this.guard.guarded(async () => {
      this.program(this.context);
      return Promise.resolve();
    });
    return LocalWorkspace.createStack(
      { stackName: "dev", projectName: "conf", program },
      {
        workDir: path.join(work, "project"),
        pulumiHome: path.join(work, "home"),
        pulumiCommand: await PulumiCommand.get({ root: path.dirname(bin), skipVersionCheck: true }),
        projectSettings,
        envVars: {
          KUBECONFIG: environment.kubeconfig,
          PULUMI_BACKEND_URL: `file://${path.join(work, "state")}`,
          PULUMI_CONFIG_PASSPHRASE: "conformance",
          PULUMI_SKIP_UPDATE_CHECK: "1",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
        },
      },
    );
  }

  private async step(step: CaseStep, stack: Stack): Promise<RecordedStep> {
    const recorded: Mutable<RecordedStep> = { step: step.label };
    this.program = step.program ?? this.program;
    await step.mutate?.(this.context);
    if (step.previewBeforeRefresh === true) recorded.previewBeforeRefresh = await this.operate(stack, "preview");
    if (step.refresh === true) recorded.refresh = await this.operate(stack, "refresh");
    if (step.destroy === true) recorded.destroy = await this.operate(stack, "destroy");
    else {
      recorded.preview = await this.operate(stack, "preview");
      recorded.up = await this.operate(stack, "up");
    }
    recorded.state = await this.state(stack);
    if (step.observe !== undefined) recorded.cluster = await this.cluster(step.observe);
    return recorded;
  }

  private async operate(stack: Stack, operation: Operation): Promise<RecordedRun> {
    for (let attempt = 1; ; attempt++) {
      const run = await this.attempt(stack, operation);
      const refused = run.diagnostics.some(({ severity, logicalName }) => severity === "error" && logicalName !== null);
      const lost = this.guard.problem !== undefined && !run.ok && !refused;
      if (!lost || attempt === attempts) return run;
    }
  }

  private async attempt(stack: Stack, operation: Operation): Promise<RecordedRun> {
    const recorder = new RunRecorder(this.normaliser);
    try {
      await stack[operation]({ onEvent: recorder.onEvent, color: "never" });
      return recorder.result(undefined);
    } catch (error) {
      return recorder.result(error as Error);
    }
  }

  private async state(stack: Stack): Promise<readonly JsonObject[]> {
    const { deployment } = (await stack.exportStack()) as { deployment: { resources?: readonly JsonObject[] } };
    return (deployment.resources ?? []).filter(({ type }) => type !== "pulumi:pulumi:Stack").map((resource) => this.resource(resource));
  }

  private resource(resource: JsonObject): JsonObject {
    const flags = ["protect", "external", "retainOnDelete", "delete", "initErrors", "additionalSecretOutputs"];
    const set = flags
      .filter((flag) => Boolean(resource[flag]))
      .map((flag) => [flag, this.normaliser.value(resource[flag] ?? null, flag)] as const);
    const { type = "", urn, id = "", inputs = {}, outputs = {} } = resource;
    const logicalName = typeof urn === "string" ? (urn.split("::").at(-1) ?? "") : "";
    const [written, read] = [this.normaliser.value(inputs), this.normaliser.value(outputs)];
    return { type, logicalName, id: this.normaliser.value(id, "id"), ...Object.fromEntries(set), inputs: written, outputs: read };
  }

  private async cluster(queries: readonly (readonly string[])[]): Promise<Readonly<Record<string, Json>>> {
    const found: Record<string, Json> = {};
    for (const query of queries) found[query.join(" ")] = await this.objects(query);
    return found;
  }

  private async objects(query: readonly string[]): Promise<Json> {
    try {
      const got = JSON.parse(await this.context.kubectl(["get", ...query, "--show-managed-fields", "-o", "json"])) as JsonObject;
      const items = (got.kind === "List" ? got.items : [got]) as readonly (JsonObject & { metadata: JsonObject })[];
      const own = items.filter(({ metadata }) => metadata.name !== "kube-root-ca.crt");
      return own.map(({ status: _, ...item }) => this.normaliser.value(item as JsonObject));
    } catch (error) {
      return this.normaliser.text((error as Error).message).trim();
    }
  }

  private kubectl(args: readonly string[], input: string): Promise<string> {
    const { kubectl, kubeconfig } = this.environment;
    return new Promise((resolve, reject) => {
      const child = execFile(kubectl, ["--kubeconfig", kubeconfig, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(stderr));
      });
      child.stdin?.end(input);
    });
  }
}
