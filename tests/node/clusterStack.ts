import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { limits, ProjectCopy, Run } from "../engine/projectCopy";
import { installPlugins } from "../pluginHome";
import { bottleFolder } from "./machine";
import type { NodeCluster } from "./nodeCluster";

/** The stack's name. */
const stack = "nodes";

/** A copy of the project with a stack of its own on the cluster, as its user has one: the stack `dev` with these values of its own. */
export class ClusterStack {
  readonly project: ProjectCopy;
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    private readonly cluster: NodeCluster,
    kept: ConstructorParameters<typeof ProjectCopy>[0],
    values: Readonly<Record<string, unknown>>,
  ) {
    this.project = new ProjectCopy(kept);
    const { root } = this.project;
    fs.copyFileSync(path.join(root, "Pulumi.dev.yaml"), path.join(root, `Pulumi.${stack}.yaml`));
    const charts = path.join("local", "charts");
    for (const name of fs.readdirSync(path.join(projectRoot, charts)).filter((one) => one.endsWith(".tgz")))
      fs.copyFileSync(path.join(projectRoot, charts, name), path.join(root, charts, name));
    this.project.configure({ "trustplane:cluster": { identifier: stack, kubeconfig: cluster.kubeconfig }, ...values }, stack);
    const home = path.join(bottleFolder(), "pulumi");
    installPlugins(home);
    this.env = { PULUMI_HOME: home, PULUMI_BACKEND_URL: `file://${home}`, PULUMI_CONFIG_PASSPHRASE: stack };
  }

  /** Runs one of the scripts on the stack. */
  run(script: string, ...args: readonly string[]): Run {
    return this.project.runWith(this.env, script, "--stack", stack, ...args);
  }

  /** Sets a secret with the CLI, as a user does; `undefined` takes it out. */
  setSecret(key: string, value: string | undefined): void {
    const change = value === undefined ? ["rm"] : ["set", "--secret"];
    const args = ["config", ...change, `trustplane:${key}`, "--stack", stack, "--non-interactive"];
    const [cwd, env] = [this.project.root, { ...process.env, ...this.env }];
    new Run(spawnSync(this.cluster.tools.pulumi.path, args, { cwd, env, input: value, encoding: "utf8", ...limits })).expect(0);
  }

  configure(values: Readonly<Record<string, unknown>>): void {
    this.project.configure(values, stack);
  }
}
