import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { projectName } from "../../automation/stackFiles";
import { patchForceEnvironment } from "../../config/patchForce";
import { providerPlugins } from "../../local/plugins/providerPlugins";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { typescript } from "../checks";
import { limits, Run } from "./projectCopy";

interface Plan {
  readonly steps: readonly { readonly op: string; readonly urn: string }[];
}

/** Of these the script's report leaves out the first, and the CLI's the others. */
const leftOut = /::pulumi:pulumi:Stack::|::pulumi:providers:\w+::default_/;

/** What a plan changes, e.g. `create urn:pulumi:dev::trustplane::…`. */
function changes({ steps }: Plan): readonly string[] {
  const changing = steps.filter(({ op, urn }) => op !== "same" && !leftOut.test(urn));
  return changing.map(({ op, urn }) => `${op} ${urn}`).sort();
}

/** What a run of `npm run preview -- --json` plans. */
export function plannedByScript({ stdout }: Run): readonly string[] {
  const { stacks } = JSON.parse(stdout) as { readonly stacks: readonly Plan[] };
  return stacks.flatMap(changes);
}

/**
 * The Pulumi CLI by itself in a project's folder, as a user runs it who uses none of the scripts: Pulumi.yaml's own runtime, ts-node, packs by
 * `--policy-pack`. The language host and the providers are on PATH, where the CLI finds them as it finds installed ones.
 */
export class PlainPulumi {
  private constructor(
    private readonly root: string,
    private readonly stack: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** @param root a folder in which a script has run, which has made the embedded stacks' backend that is used here */
  static async in(root: string, stack: string): Promise<PlainPulumi> {
    const { pulumi, helm } = await ensureTools(["pulumi", "helm"], silentProgress);
    const runtime = path.join(root, ".trustplane");
    const providers = await providerPlugins(pulumi, { helm }, silentProgress);
    const folders = [languageHost(runtime), ...providers.map((plugin) => plugin.path), path.dirname(pulumi.path)];
    return new PlainPulumi(root, stack, {
      ...process.env,
      TRUSTPLANE_HOME: undefined,
      PATH: [...folders, process.env.PATH].join(path.delimiter),
      PULUMI_HOME: path.join(runtime, "engine"),
      PULUMI_BACKEND_URL: pathToFileURL(path.join(runtime, "state")).href,
      PULUMI_CONFIG_PASSPHRASE_FILE: path.join(runtime, "passphrase"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      TRUSTPLANE_HELM: helm.path,
      ...patchForceEnvironment,
      // what the official language host asks the engine for before it starts a pack
      PULUMI_NODEJS_STACK: stack,
      PULUMI_NODEJS_PROJECT: projectName(root),
    });
  }

  /** What `pulumi preview` plans. @param args e.g. {@link packs} */
  plan(...args: readonly string[]): readonly string[] {
    return changes(JSON.parse(this.run("preview", "--json", ...args).expect(0).stdout) as Plan);
  }

  /** Runs e.g. `pulumi up --yes`, of the stack. */
  run(...args: readonly string[]): Run {
    return new Run(
      spawnSync("pulumi", [...args, "--stack", this.stack, "--non-interactive"], {
        cwd: this.root,
        env: this.env,
        encoding: "utf8",
        ...limits,
      }),
    );
  }

  /** The arguments for all packs, as `npm run policies` prints them. */
  packs(): readonly string[] {
    const command = ["local/bootstrap.js", "policies/build.ts"];
    const { stdout } = new Run(spawnSync(process.execPath, command, { cwd: this.root, env: this.env, encoding: "utf8" })).expect(0);
    return stdout.trim().split(/\s+/);
  }
}

/** Makes `pulumi-language-nodejs`. @returns its folder */
function languageHost(runtime: string): string {
  const folder = path.join(runtime, "language-host");
  const command = [process.execPath, ...typescript, path.join(__dirname, "languageHost.ts")];
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "pulumi-language-nodejs"), `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(" ")} "$@"\n`, {
    mode: 0o755,
  });
  return folder;
}
