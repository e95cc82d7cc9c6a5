import { fstatSync } from "node:fs";

const interval = 1000;

/** Ends this process when the engine that started it is gone, however that one ended, so that no plugin is left behind. */
export function exitWithEngine(): void {
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit(0);
  }, interval).unref();
  // The engine holds the other end of a plugin's standard input; a closed terminal or /dev/null says nothing about it.
  if (!fstatSync(0).isFIFO()) return;
  process.stdin.once("end", () => process.exit(0)).resume();
  process.stdin.unref();
}
