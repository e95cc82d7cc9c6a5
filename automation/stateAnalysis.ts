import type { EngineEvent } from "@pulumi/pulumi/automation";
import { EngineError } from "./engineCommand";
import type { OperationRecord } from "./operationRecord";
import type { StackPack } from "./policyPacks";
import type { OpenStack } from "./workspace";

/**
 * What policies say of a stack's state as it is, without its program and its cluster.
 * @throws EngineError where the analysis could not be made
 */
export async function analyzeState(open: OpenStack, packs: readonly StackPack[]): Promise<OperationRecord["violations"]> {
  if (packs.length === 0) return [];
  const args = ["policy", "analyze", "--json", "--stack", open.name, ...packs.flatMap(({ program }) => ["--policy-pack", program])];
  return violationsIn(await analysis(open, args));
}

/** The command fails where it finds a mandatory violation, which is an answer too. */
async function analysis({ engine, stack: { workspace } }: OpenStack, args: string[]): Promise<string> {
  try {
    return (await engine.runIn(workspace, args)).stdout;
  } catch (error) {
    if (error instanceof EngineError && violationsIn(error.stdout).length > 0) return error.stdout;
    throw error;
  }
}

/** One event a line. */
function violationsIn(stdout: string): OperationRecord["violations"] {
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return lines.flatMap((line) => (JSON.parse(line) as EngineEvent).policyEvent ?? []);
}
