import { type ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import type { PulumiCommand, Workspace } from "@pulumi/pulumi/automation";
import { parse } from "semver";
import type { Tool } from "../local/toolchain/ensureTools";
import { withoutAttributes } from "./fileBackend";

/** A command of the engine ended with an error. */
export class EngineError extends Error {
  constructor(
    readonly stdout: string,
    readonly stderr: string,
    readonly status: number | null,
  ) {
    super(stderr.trim() === "" ? `the engine ended with exit code ${String(status)}` : stderr.trim());
    this.name = "EngineError";
  }
}

interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

function collect(stream: NodeJS.ReadableStream, listener: ((text: string) => void) | undefined): () => string {
  let all = "";
  stream.setEncoding("utf8").on("data", (text: string) => {
    all += text;
    listener?.(text);
  });
  return () => all;
}

/**
 * Runs the Pulumi CLI for the Automation API in a process group of its own. A terminal sends Ctrl-C to everything in its
 * foreground group; the CLI takes a second one for "stop at once" and leaves operations pending. Here it gets exactly those
 * interrupts that `interrupt` sends.
 */
export class EngineCommand {
  /** What the Automation API is given. Its class makes itself only by asking the CLI for a version that is known already. */
  readonly cli: PulumiCommand;
  private readonly command: string;
  private readonly children = new Set<ChildProcess>();

  constructor({ path: command, version }: Tool) {
    this.command = command;
    this.cli = { command, version: parse(version), run: this.run.bind(this) } as unknown as PulumiCommand;
  }

  /** Runs one command of the engine to its end. @throws EngineError where it fails */
  private async run(
    args: readonly string[],
    cwd: string,
    env: Readonly<Record<string, string>>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
  ): Promise<CommandResult> {
    const child = spawn(this.command, [...args, "--non-interactive"], {
      cwd,
      env: this.environment(env),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const stop = (): void => void child.kill("SIGINT");
    process.once("exit", stop);
    this.children.add(child);
    const stdout = collect(child.stdout, onOutput);
    const stderr = collect(child.stderr, onError);
    try {
      const status = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
      if (status !== 0) throw new EngineError(stdout(), stderr(), status);
      return { stdout: stdout(), stderr: stderr(), code: status };
    } finally {
      this.children.delete(child);
      process.off("exit", stop);
    }
  }

  /** Runs one in the folder and the environment of a stack's workspace. @param more environment for this one alone */
  runIn(
    { workDir, pulumiHome, envVars }: Pick<Workspace, "workDir" | "pulumiHome" | "envVars">,
    args: readonly string[],
  ): Promise<CommandResult> {
    const home: Record<string, string> = pulumiHome === undefined ? {} : { PULUMI_HOME: pulumiHome };
    return this.run(args, workDir, { ...envVars, ...home });
  }

  /** Sends an interrupt to what runs now: the first lets the engine finish its current steps, the second ends it at once. */
  interrupt(): void {
    for (const child of this.children) child.kill("SIGINT");
  }

  private environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    const all = { ...process.env, ...env };
    const { PULUMI_BACKEND_URL: backend } = all;
    return {
      ...all,
      ...(backend === undefined ? {} : { PULUMI_BACKEND_URL: withoutAttributes(backend) }),
      PATH: `${path.dirname(this.command)}${path.delimiter}${all.PATH ?? ""}`,
      PULUMI_AUTOMATION_API: "true",
    };
  }
}
