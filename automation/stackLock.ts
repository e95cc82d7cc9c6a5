import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Progress } from "../local/progress";
import { Failure } from "./exitCode";
import { backendFile, type BackendStack } from "./fileBackend";
import { readJsonFile } from "./jsonFile";

interface Lock {
  readonly file: string;
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

function readLock(file: string, stack: string): Lock {
  const remedy = `It is a lock on stack ${stack}, and does not say whose. If no run changes that stack, delete the file, then run the same command again.`;
  return { file, ...(readJsonFile(file, remedy) as Omit<Lock, "file">) };
}

function locksOf({ backendUrl, project, stack }: BackendStack): readonly Lock[] {
  const folder = backendFile(backendUrl, "locks", "organization", project, stack);
  if (folder === undefined || !fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.map((name) => readLock(path.join(folder, name), stack));
}

/** On Linux a process id that another program has got since does not count as the engine. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const name = `/proc/${pid}/comm`;
  return !fs.existsSync(name) || fs.readFileSync(name, "utf8").startsWith("pulumi");
}

/**
 * Removes the locks that dead processes of this machine left on a stack of a `file://` backend, with a line each.
 * A lock that is somebody's is a {@link Failure} that names them. Other backends answer for themselves.
 */
export function clearStaleLocks(locked: BackendStack, progress: Progress): void {
  for (const lock of locksOf(locked)) {
    if (lock.hostname !== os.hostname() || runs(lock.pid)) throw new Failure(lockedMessage(locked.stack, lock));
    fs.rmSync(lock.file, { force: true });
    progress.line(
      `stack ${locked.stack}: removed the lock of an earlier run that did not end well (process ${lock.pid}, since ${lock.timestamp})`,
    );
  }
}

function lockedMessage(stack: string, { username, hostname, pid, timestamp }: Lock): string {
  return (
    `stack ${stack} is being changed by ${username}@${hostname} (process ${pid}) since ${timestamp}. ` +
    `Wait until that run has ended; if it died on another machine, release the stack with: pulumi cancel --stack ${stack}`
  );
}
