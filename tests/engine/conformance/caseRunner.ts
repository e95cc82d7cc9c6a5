import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Json, JsonObject } from "../../../local/plugins/server/provider";
import { type CaseEnvironment, CaseStack } from "./caseStack";
import { Normaliser } from "./normalise";
import type { CaseRecord, RecordedStep } from "./record";
import type { CaseContext, CaseStep, TestCase } from "./testCase";

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
  private program: (context: CaseContext) => void = () => undefined;
  private stack: CaseStack | undefined;

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
    const register = (): void => {
      this.program(this.context);
    };
    const stack = await CaseStack.create(this.work, this.environment, this.normaliser, register);
    this.stack = stack;
    const recorded: RecordedStep[] = [];
    for (const step of steps) recorded.push(await this.step(step, stack));
    return { case: name, steps: recorded };
  }

  async cleanUp(): Promise<void> {
    const { namespaced = true, cleanup } = this.testCase;
    const { kubectl, namespace } = this.context;
    await this.stack?.operate("destroy");
    await cleanup?.(this.context).catch(() => undefined);
    if (namespaced) await kubectl(["delete", "namespace", namespace, "--wait=false"]).catch(() => undefined);
  }

  private async step(step: CaseStep, stack: CaseStack): Promise<RecordedStep> {
    const recorded: Mutable<RecordedStep> = { step: step.label };
    this.program = step.program ?? this.program;
    await step.mutate?.(this.context);
    if (step.previewBeforeRefresh === true) recorded.previewBeforeRefresh = await stack.operate("preview");
    if (step.refresh === true) recorded.refresh = await stack.operate("refresh");
    if (step.destroy === true) recorded.destroy = await stack.operate("destroy");
    else {
      recorded.preview = await stack.operate("preview");
      recorded.up = await stack.operate("up");
    }
    recorded.state = (await stack.resources()).map((resource) => this.resource(resource));
    if (step.observe !== undefined) recorded.cluster = await this.cluster(step.observe);
    return recorded;
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
