import * as fs from "node:fs";
import * as path from "node:path";
import { replaceFile } from "../local/replaceFile";
import { readJsonFile } from "./jsonFile";
import type { OperationRecord } from "./operationRecord";
import { lostCreates, type PendingCreate } from "./pendingCreates";
import type { OpenStack } from "./workspace";

const remedy =
  "It lists objects whose creation was not answered, so that they may exist without being in the state. " +
  "Compare what it still names with the cluster (kubectl get), delete there what the state (pulumi stack export) does not have, then delete this file.";

/**
 * What a stack's next run has to find out before anything else, in the stack's work folder: creations of which there was no answer. The
 * engine forgets these, and would make a second object where it gave the name. An empty list asks for a refresh alone.
 */
export class Unsettled {
  private readonly file: string;

  constructor({ stack }: Pick<OpenStack, "stack">) {
    this.file = path.join(stack.workspace.workDir, "unsettled.json");
  }

  /** Undefined where nothing is to be found out. */
  read(): readonly PendingCreate[] | undefined {
    return fs.existsSync(this.file) ? (readJsonFile(this.file, remedy) as readonly PendingCreate[]) : undefined;
  }

  write(creates: readonly PendingCreate[]): void {
    replaceFile(this.file, JSON.stringify(creates), 0o600);
  }

  /** Adds what an operation that failed has lost sight of. */
  add(record: OperationRecord): void {
    const lost = lostCreates(record);
    if (lost.length > 0) this.write([...(this.read() ?? []), ...lost]);
  }

  clear(): void {
    fs.rmSync(this.file, { force: true });
  }
}
