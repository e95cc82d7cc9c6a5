import * as fs from "node:fs/promises";
import * as path from "node:path";

import { runCommand, type CommandResult } from "./runCommand";

const secondsPerRequest = 5;

/** apt-get and dpkg, used without changing the system: packages, and lists where the system has none, stay in the folder. */
export class Apt {
  private readonly downloads: string;
  private options: readonly string[] = [];

  constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly onDetail: (text: string) => void,
  ) {
    this.downloads = path.join(folder, ".packages");
  }

  async unpack(packages: readonly string[]): Promise<void> {
    await this.unpackDownloaded(packages, ["download"]);
  }

  /** Unpacks these packages, and of all that they depend on what the system lacks. */
  async unpackWithDependencies(packages: readonly string[]): Promise<void> {
    const options = [`Dir::Cache::archives=${this.downloads}`, "Debug::NoLocking=true", "APT::Sandbox::User=root"];
    const install = ["install", "--download-only", "--reinstall", "--yes", "--no-install-recommends"];
    await this.unpackDownloaded(packages, [...options.flatMap((option) => ["-o", option]), ...install]);
  }

  /** The packages that a metapackage depends on directly. */
  async dependencies(metapackage: string): Promise<string[]> {
    await fs.mkdir(this.downloads, { recursive: true });
    const ask = (): Promise<CommandResult> => this.run("apt-cache", [...this.options, "depends", metapackage]);
    const { lines } = await ask().catch(() => this.updateOwnLists().then(ask));
    return lines.flatMap((line) => /^ *Depends: ([\w.+-]+)/.exec(line)?.[1] ?? []);
  }

  async tidy(): Promise<void> {
    await fs.rm(this.downloads, { recursive: true });
  }

  private async unpackDownloaded(packages: readonly string[], command: readonly string[]): Promise<void> {
    await fs.mkdir(path.join(this.downloads, "partial"), { recursive: true });
    this.onDetail(`downloading the Debian packages ${packages.join(", ")}`);
    await this.download([...command, ...packages]);
    for (const file of await this.files()) await this.run("dpkg", ["-x", file, this.folder]);
  }

  private async download(command: readonly string[]): Promise<void> {
    const ask = (): Promise<CommandResult> => this.run("apt-get", [...this.options, ...command]);
    await ask().catch(() => this.updateOwnLists().then(ask));
  }

  private async updateOwnLists(): Promise<void> {
    const state = path.join(this.downloads, "state");
    await fs.mkdir(path.join(state, "lists", "partial"), { recursive: true });
    this.options = [
      `Dir::State::lists=${path.join(state, "lists")}`,
      `Dir::Cache=${state}`,
      "APT::Sandbox::User=root",
      "Acquire::Retries=0",
      `Acquire::http::Timeout=${secondsPerRequest}`,
      `Acquire::https::Timeout=${secondsPerRequest}`,
    ].flatMap((option) => ["-o", option]);
    this.onDetail("reading the lists of Debian packages");
    await this.run("apt-get", [...this.options, "update"]);
  }

  private async files(): Promise<string[]> {
    const names = await fs.readdir(this.downloads);
    return names.filter((name) => name.endsWith(".deb")).map((name) => path.join(this.downloads, name));
  }

  private async run(command: string, args: readonly string[]): Promise<CommandResult> {
    const result = await runCommand(command, args, { env: this.env, cwd: this.downloads }).catch(() => {
      throw new Error(`there is no ${command}: this machine is no Debian`);
    });
    if (!result.succeeded) throw new Error(`${command} ${args.at(-1) ?? ""}: ${result.lines.at(-1) ?? "failed"}`);
    return result;
  }
}
