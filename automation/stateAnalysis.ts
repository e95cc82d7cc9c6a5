import type { EngineEvent } from "@pulumi/pulumi/automation";
import { stackVariable } from "../policies/stackVariable";
import { EngineError } from "./engineCommand";
import type { OperationRecord } from "./operationRecord";
import type { StackPack } from "./policyPacks";
import type { OpenStack } from "./workspace";

/**
 * What policies say of a stack's state as it is, without its program and its cluster.
 * @throws EngineError where the analysis could not be made
 */
export async function analyzeState(open: OpenStack, packs: readonly StackPack[]): Promise<OperationRecord["violations"]> {
  const [pack] = packs;
  if (pack === undefined) return [];
  const args = ["policy", "analyze", "--json", "--stack", open.name, ...packs.flatMap(({ folder }) => ["--policy-pack", folder])];
  return violationsIn(await analysis(open, args, pack));
}

/** The command fails where it finds a mandatory violation, which is an answer too. */
async function analysis({ engine, stack: { workspace }, name }: OpenStack, args: string[], { settings }: StackPack): Promise<string> {
  // neither does it give packs a configuration
  const config = JSON.stringify({ "trustplane:policies": JSON.stringify(settings) });
  try {
    return (await engine.runIn(workspace, args, { [stackVariable]: name, PULUMI_CONFIG: config })).stdout;
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
