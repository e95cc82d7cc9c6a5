import { spawn } from "node:child_process";
import * as readline from "node:readline";

export interface CommandResult {
  readonly succeeded: boolean;
  /** Standard output and standard error, line by line in the order in which they came. */
  readonly lines: readonly string[];
}

interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The command is ended after this time. No limit without it. */
  readonly timeoutMillis?: number;
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a program, found on the PATH of `env`, to its end. A failing one is a result, not an error.
 * @throws where it cannot be started, e.g. because it does not exist.
 */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { env, cwd, timeoutMillis, onLine } = options;
  const child = spawn(command, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMillis, killSignal: "SIGKILL" });
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    readline.createInterface({ input }).on("line", (line) => {
      lines.push(line);
      onLine?.(line);
    });
  }
  const succeeded = await new Promise<boolean>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code === 0);
    });
  });
  return { succeeded, lines };
}
