import * as fs from "node:fs";
import * as path from "node:path";
import type { OperationRecord } from "./operationRecord";
import type { OpenStack } from "./workspace";

/** How the engine says that a step, a resource's inputs or a component's outputs are not what the plan has. */
const beyondPlan = /is not allowed by the plan|violates plan|^expected resource operations for /;

const otherOutputs = "the outputs that the program gives are not those of its preview";

/**
 * Runs `work` with the name of a file for an update plan: a preview writes what it found, and an update that is given the file is ended by the engine
 * before the first step that goes further. The engine encrypts the secrets in it; it is for its owner alone, and removed afterwards.
 * @see https://www.pulumi.com/docs/iac/concepts/update-plans/
 */
export async function withUpdatePlan<T>({ stack }: Pick<OpenStack, "stack">, work: (plan: string) => Promise<T>): Promise<T> {
  const file = path.join(stack.workspace.workDir, `plan.${process.pid}.json`);
  fs.writeFileSync(file, "", { mode: 0o600 });
  try {
    return await work(file);
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** What an update with a plan was about to do otherwise, where it failed for nothing else. The engine is silent about outputs. */
export function surpriseOf(errors: readonly string[], record: OperationRecord): readonly string[] | undefined {
  if (errors.length > 0) return errors.every((error) => beyondPlan.test(error)) ? errors : undefined;
  return record.failed.length + record.mandatoryViolations.length === 0 && record.finished.length > 0 ? [otherOutputs] : undefined;
}
