import { textTable } from "../local/textTable";
import { plainSecrets } from "../policies/trust/stackOutputs";
import type { Row } from "./checks/check";
import { checkSummary, checkTable } from "./checks/checkTable";
import { type Deployment, masked, shortName, stackOutputs } from "./deployment";
import { exitCode } from "./exitCode";
import { policyWayOut } from "./gates";
import { told } from "./policyAdvice";
import type { StackPack } from "./policyPacks";
import type { Session } from "./session";
import { analyzeState } from "./stateAnalysis";
import { verifyState } from "./verify";
import type { OpenStack } from "./workspace";

/**
 * Judges what an update has left: policies the new state, in which nothing is unknown any more, and `verify` the cluster. Prints what is wrong.
 * @param deployment the state after the update
 * @returns the exit code
 */
export async function judgeUpdate(session: Session, open: OpenStack, deployment: Deployment, packs: readonly StackPack[]): Promise<number> {
  const [violated, rows] = await Promise.all([violationsOf(session, open, packs), verifiedRows(session, deployment)]);
  const wrong = [...violated, ...plainOutputs(deployment)];
  if (wrong.length > 0)
    session.print(`\nThe new state violates policies:\n${textTable(["policy", "what", "why"], wrong)}\n${policyWayOut}`);
  session.notes?.checks.push(...rows);
  const remarkable = rows.filter(({ verdict }) => verdict !== "ok" && verdict !== "not run here");
  if (remarkable.length > 0) session.print(`\n${checkTable(remarkable)}`);
  if (rows.length > 0) session.progress.line(`verify ${open.name}: ${checkSummary(rows)}; npm run verify shows each`);
  if (wrong.length > 0) return exitCode.policy;
  return rows.some(({ verdict }) => verdict === "failed") ? exitCode.check : exitCode.ok;
}

async function violationsOf(session: Session, open: OpenStack, packs: readonly StackPack[]): Promise<readonly string[][]> {
  if (packs.length === 0) return [];
  const step = session.progress.start(`judging the new state of ${open.name}`);
  const violations = await analyzeState(open, packs).catch((error: unknown) => {
    step.fail("see below");
    throw error;
  });
  step.done();
  session.notes?.violations.push(...violations);
  return told(violations)
    .filter(({ level }) => level === "mandatory")
    .map(({ rule, resource, message }) => [rule, resource === undefined ? "the stack" : shortName(resource), message]);
}

/** Packs cannot see which outputs are secret. */
function plainOutputs(deployment: Deployment): readonly string[][] {
  const outputs = JSON.parse(JSON.stringify(stackOutputs(deployment, false) ?? {}), (_, value: unknown) =>
    value === masked ? "" : value,
  ) as Readonly<Record<string, unknown>>;
  const plain = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value, secret: false }]));
  return plainSecrets(plain).map((path) => [
    "disallow-secret-flow",
    `output ${path}`,
    "a credential in the clear; mark it with pulumi.secret, and make a new one",
  ]);
}

/** A stack without objects of a cluster has nothing to verify. */
function verifiedRows(session: Session, deployment: Deployment): Promise<readonly Row[]> {
  const onCluster = deployment.resources?.some(({ type }) => type.startsWith("kubernetes:")) ?? false;
  return onCluster && !session.given.has("no-verify") ? verifyState(session, deployment) : Promise.resolve([]);
}
