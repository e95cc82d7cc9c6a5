import * as fs from "node:fs";
import * as path from "node:path";
import { LocalWorkspace, type ProjectSettings, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { withoutDebugLogs } from "../../../automation/engineHome";
import { RegistrationGuard } from "../../../automation/registrationGuard";
import type { JsonObject } from "../../../local/plugins/server/provider";
import { pluginSettings, type StandIn } from "../../../local/plugins/standIn";
import type { Normaliser } from "./normalise";
import type { RecordedRun } from "./record";
import { RunRecorder } from "./runRecorder";

/** What cases run with. */
export interface CaseEnvironment {
  /** Path of the cluster's kubeconfig. */
  readonly kubeconfig: string;
  /** Paths of the binaries. */
  readonly pulumi: string;
  readonly kubectl: string;
  readonly provider: StandIn;
}

type Operation = "preview" | "up" | "refresh" | "destroy";

/** The program's connection to the engine breaks about once in 300 operations; see {@link RegistrationGuard}. */
const attempts = 3;

/** A stack with state, plugins and project in a folder of its own. */
export class CaseStack {
  private constructor(
    private readonly stack: Stack,
    private readonly guard: RegistrationGuard,
    private readonly normaliser: Normaliser,
  ) {}

  /** @param program what to register, asked anew at each operation */
  static async create(work: string, environment: CaseEnvironment, normaliser: Normaliser, program: () => void): Promise<CaseStack> {
    const bin = path.join(work, "cli", "bin");
    for (const folder of ["state", "project", bin]) fs.mkdirSync(path.resolve(work, folder), { recursive: true });
    withoutDebugLogs(path.join(work, "home"));
    fs.symlinkSync(environment.pulumi, path.join(bin, "pulumi"));
    const guard = new RegistrationGuard();
    const guarded = guard.guarded(() => {
      program();
      return Promise.resolve();
    });
    const stack = await LocalWorkspace.createStack(
      { stackName: "dev", projectName: "conf", program: guarded },
      {
        workDir: path.join(work, "project"),
        pulumiHome: path.join(work, "home"),
        pulumiCommand: await PulumiCommand.get({ root: path.dirname(bin), skipVersionCheck: true }),
        projectSettings: { name: "conf", runtime: "nodejs", plugins: pluginSettings([environment.provider]) } as ProjectSettings,
        envVars: engineEnvironment(work, environment),
      },
    );
    // the API asks for both after each operation, in processes of their own, and no record holds either
    stack.outputs = () => Promise.resolve({});
    stack.info = () => Promise.resolve(undefined);
    return new CaseStack(stack, guard, normaliser);
  }

  /** Runs an operation, once more where its connection broke and nothing else was wrong. */
  async operate(operation: Operation): Promise<RecordedRun> {
    for (let attempt = 1; ; attempt++) {
      const run = await this.attempt(operation);
      const refused = run.diagnostics.some(({ severity, logicalName }) => severity === "error" && logicalName !== null);
      const lost = this.guard.problem !== undefined && !run.ok && !refused;
      if (!lost || attempt === attempts) return run;
    }
  }

  /** The state's resources, without the stack itself. */
  async resources(): Promise<readonly JsonObject[]> {
    const { deployment } = (await this.stack.exportStack()) as { deployment: { resources?: readonly JsonObject[] } };
    return (deployment.resources ?? []).filter(({ type }) => type !== "pulumi:pulumi:Stack");
  }

  private async attempt(operation: Operation): Promise<RecordedRun> {
    const recorder = new RunRecorder(this.normaliser);
    try {
      await this.stack[operation]({ onEvent: recorder.onEvent, color: "never" });
      return recorder.result(undefined);
    } catch (error) {
      return recorder.result(error as Error);
    }
  }
}

function engineEnvironment(work: string, { kubeconfig }: CaseEnvironment): Record<string, string> {
  return {
    KUBECONFIG: kubeconfig,
    PULUMI_BACKEND_URL: `file://${path.join(work, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "conformance",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
  };
}
