import * as fs from "node:fs";
import * as path from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  type EngineEvent,
  LocalWorkspace,
  type OutputMap,
  type ProjectSettings,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation";
import { EngineCommand } from "../../automation/engineCommand";
import { withoutDebugLogs } from "../../automation/engineHome";
import { TenantCredential, type TenantCredentialArgs } from "../../components/plexus/tenantCredential";
import { clusterProvider } from "../../components/platform/clusterProvider";
import { projectRoot } from "../../local/paths";
import { providerPlugins } from "../../local/plugins/providerPlugins";
import { pluginSettings } from "../../local/plugins/pluginFolder";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import type { Tool } from "../../local/toolchain/tool";
import type { ControlPlaneTestbed } from "./controlPlaneTestbed";

/** One tenant's credential; where it is used is the same for all. */
export type GivenCredential = Pick<TenantCredentialArgs, "user" | "groups" | "strategy">;

/** What tenants get. */
export interface Delivered {
  readonly kubeconfig: string;
  readonly expiry?: string;
}

export type Surroundings = Pick<TenantCredentialArgs, "kubernetesApi" | "clusterAuthority">;

/** A stack of credentials in the namespace `lab`, which it makes, on a control plane of its own. */
export class CredentialStack {
  /** By the tenants' names; what the next operation is to make. */
  credentials: Readonly<Record<string, GivenCredential>> = {};

  private outputs: OutputMap = {};

  private constructor(
    private readonly stack: Stack,
    private readonly stateFile: string,
  ) {
    // an operation would ask for them in processes of their own
    stack.info = () => Promise.resolve(undefined);
  }

  static async create({ layout }: ControlPlaneTestbed, surroundings: Surroundings): Promise<CredentialStack> {
    const { pulumi: cli } = await ensureTools(["pulumi"], silentProgress);
    const root = path.join(layout.root, "stack");
    const [state, workDir] = [path.join(root, "state"), path.join(root, "project")];
    for (const folder of [state, workDir]) fs.mkdirSync(folder, { recursive: true });
    withoutDebugLogs(path.join(root, "home"));
    fs.symlinkSync(path.join(projectRoot, "node_modules"), path.join(workDir, "node_modules"));
    const args = { ...surroundings, cluster: { identifier: "test", kubeconfig: layout.kubeconfig } };
    const program: PulumiFn = () => Promise.resolve(created.program(args));
    const stack = await LocalWorkspace.createStack(
      { stackName: "dev", projectName: "credentials", program },
      {
        workDir,
        pulumiHome: path.join(root, "home"),
        pulumiCommand: new EngineCommand(cli).cli,
        projectSettings: await projectSettings(cli),
        envVars: { PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE: "test", PULUMI_SKIP_UPDATE_CHECK: "1" },
      },
    );
    const created: CredentialStack = new CredentialStack(stack, path.join(state, ".pulumi", "stacks", "credentials", "dev.json"));
    return created;
  }

  /** Runs an operation; gives how many resources it did what to, but for those that stay the same. */
  async operate(operation: "preview" | "up" | "refresh" | "destroy"): Promise<Readonly<Record<string, number>>> {
    let changes: Record<string, number> = {};
    const onEvent = ({ summaryEvent }: EngineEvent): void => {
      const counts = Object.entries(summaryEvent?.resourceChanges ?? {});
      if (summaryEvent) changes = Object.fromEntries(counts.filter(([op]) => op !== "same"));
    };
    const options = { onEvent, color: "never" } as const;
    if (operation === "up") this.outputs = (await this.stack.up(options)).outputs;
    else await this.stack[operation](options);
    return changes;
  }

  /** What the last update gave a tenant. */
  delivered(tenant: string): Delivered {
    const tenants = this.outputs["tenants"];
    const delivered = (tenants?.value as Record<string, Delivered> | undefined)?.[tenant];
    if (delivered === undefined || tenants?.secret !== true) throw new Error(`no secret of ${tenant} among the outputs`);
    return delivered;
  }

  /** The state as it is written, secrets encrypted. */
  state(): string {
    return fs.readFileSync(this.stateFile, "utf8");
  }

  private program(args: Surroundings & Pick<TenantCredentialArgs, "cluster">): Record<string, pulumi.Output<unknown>> {
    const provider = clusterProvider(args.cluster);
    const namespace = new k8s.core.v1.Namespace("lab", { metadata: { name: "lab" } }, { provider }).metadata.name;
    const made = Object.entries(this.credentials).map(([name, given]) => {
      const { kubeconfig, expiry } = new TenantCredential(name, { ...args, ...given, namespace }, { provider });
      return [name, { kubeconfig, expiry }] as const;
    });
    return { tenants: pulumi.output(Object.fromEntries(made)) };
  }
}

async function projectSettings(cli: Tool): Promise<ProjectSettings> {
  const plugins = pluginSettings(await providerPlugins(cli, {}, silentProgress));
  // the SDK's type leaves `plugins` out
  return { name: "credentials", runtime: "nodejs", plugins } as ProjectSettings;
}
