import * as fs from "node:fs";
import * as path from "node:path";
import { unknownValue } from "../config/unknownValue";
import type { OperationRecord } from "./operationRecord";
import type { OpenStack } from "./workspace";

/** How the engine says that a step, or what a resource is, goes further than the plan. */
const beyondPlan = /is not allowed by the plan|violates plan/;

/** How it says at the end of an update that it did less: a provider that knew a value at last needed no replacement, for example, or the update failed. */
export const lessThanPlan = /expected resource operations for .* but none were seen/;

const otherOutputs = "the program gives other outputs than in its preview";

interface Difference {
  readonly adds?: object;
  readonly updates?: object;
  readonly deletes?: readonly string[];
}

interface Plan {
  readonly resourcePlans: Readonly<Record<string, { readonly goal?: { inputDiff?: Difference; outputDiff?: Difference } }>>;
}

/**
 * Runs `work` with the name of a file for an update plan: a preview writes what it found, and an update that is given the file is ended by the engine
 * before the first step that goes further. It is for its owner alone, and removed afterwards.
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

/**
 * Takes the values out of a plan, and leaves the steps: an unknown value lets every value pass. A provider fills in another value where a preview could not know a kind of object yet, and
 * policies judge each value in the update again.
 */
export function bindStepsAlone(file: string): void {
  const plan = JSON.parse(fs.readFileSync(file, "utf8")) as Plan;
  for (const { goal } of Object.values(plan.resourcePlans)) {
    if (goal === undefined) continue;
    goal.inputDiff = anyValues(goal.inputDiff);
    goal.outputDiff = anyValues(goal.outputDiff);
  }
  fs.writeFileSync(file, JSON.stringify(plan));
}

function anyValues({ adds = {}, updates = {}, deletes = [] }: Difference = {}): Difference {
  const any = (keys: readonly string[]): object => Object.fromEntries(keys.map((key) => [key, unknownValue]));
  return { adds: any(Object.keys(adds)), updates: any([...Object.keys(updates), ...deletes]) };
}

/** Whether an update with a plan failed only for having done less than that. */
export function didLess({ errors, failed, mandatoryViolations }: OperationRecord): boolean {
  return errors.length > 0 && failed.length + mandatoryViolations.length === 0 && errors.every((error) => lessThanPlan.test(error));
}

/** What an update with a plan was about to do otherwise, where it failed for nothing else. The engine is silent about outputs. */
export function surpriseOf(errors: readonly string[], record: OperationRecord): readonly string[] | undefined {
  if (errors.length > 0) return errors.every((error) => beyondPlan.test(error)) ? errors : undefined;
  return record.failed.length + record.mandatoryViolations.length === 0 && record.finished.length > 0 ? [otherOutputs] : undefined;
}
