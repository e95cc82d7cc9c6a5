import type { Progress } from "../progress";
import { Downloader } from "../toolchain/downloader";
import { runCommand } from "../toolchain/runCommand";
import type { WantedPlugin } from "./officialPlugin";

const patience = { connect: 2_500, answer: 2_500, stall: 15_000 };
const installTimeoutMillis = 5 * 60_000;
/** The folder of the official plugins' archives. */
export const pulumiServer = "https://get.pulumi.com/releases/plugins";

/** Installs official plugins by the Pulumi CLI, and remembers when that is hopeless, so that a dead network costs seconds once. */
export class PluginDownload {
  private readonly downloader = new Downloader(patience);
  private failure: string | undefined;

  /** @param server the folder of the plugins' archives. @default Pulumi's own */
  constructor(private readonly server = pulumiServer) {}

  /** Undefined if the plugin is installed now, else why not. */
  async install(plugin: WantedPlugin, pulumi: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<string | undefined> {
    this.failure ??= await this.obstacle(env);
    this.failure ??= await this.run(plugin, pulumi, env, progress);
    return this.failure;
  }

  private async obstacle(env: NodeJS.ProcessEnv): Promise<string | undefined> {
    if (env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION === "true") return "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION is set";
    return this.downloader.obstacle(this.server, env);
  }

  private async run(
    { name, version }: WantedPlugin,
    pulumi: string,
    env: NodeJS.ProcessEnv,
    progress: Progress,
  ): Promise<string | undefined> {
    const step = progress.start(`installing the official Pulumi plugin ${name} ${version}`);
    const args = ["plugin", "install", "resource", name, version, "--server", this.server, "--color", "never"];
    const options = { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" }, timeoutMillis: installTimeoutMillis };
    const { succeeded, lines } = await runCommand(pulumi, args, options);
    if (succeeded) step.done();
    else step.fail(`the official Pulumi plugin ${name} ${version} could not be installed`);
    return succeeded ? undefined : (lines.findLast((line) => line.trim() !== "") ?? "pulumi plugin install failed");
  }
}
