import { type ChildProcess, spawn } from "node:child_process";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../local/paths";

/** What lets a Node run this project's TypeScript. */
export const typescript: readonly string[] = ["--require", path.join(projectRoot, "local", "typescript.js")];

/** A command that is a check: it passes when it exits with 0. */
export interface Check {
  readonly name: string;
  /** A script inside `node_modules`, and its arguments. */
  readonly script: string;
  readonly args: readonly string[];
}

/** Style and types, in the order in which they run. */
export const checks: readonly Check[] = [
  { name: "eslint", script: "eslint/bin/eslint.js", args: [".", "--max-warnings=0", "--cache", "--cache-location", ".trustplane/eslint/"] },
  { name: "prettier", script: "prettier/bin/prettier.cjs", args: ["--check", "--log-level=warn", "."] },
  { name: "types", script: "typescript/bin/tsc", args: ["--noEmit", "-p", "."] },
];

/** What a child that ended on a signal is reported as, the way a shell does. */
export function exitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]);
}

/** Runs a Node script of `node_modules` in the project's folder; an interrupt of this process reaches it. */
export async function runNode(script: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const child = spawn(process.execPath, [path.join(projectRoot, "node_modules", script), ...args], {
    cwd: projectRoot,
    env,
    stdio: "inherit",
  });
  return statusOf(child);
}

/** The exit status of a child, which gets the signals that this process gets. */
export async function statusOf(child: ChildProcess): Promise<number> {
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGINT", forward).on("SIGTERM", forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        resolve(exitStatus(code, signal));
      });
    });
  } finally {
    process.off("SIGINT", forward).off("SIGTERM", forward);
  }
}
