import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../config/problem";
import type { StackConfig } from "../config/readConfig";
import type { ClusterAccess } from "./clusterAccess";
import type { ClusterFacts } from "./clusterFacts";
import { examine } from "./examine";
import { clusterText, PreflightError, SWITCH_OFF } from "./preflightError";
import type { ReadError } from "./readError";

/** Whether nothing is read and judged: `trustplane:cluster.preflight: false` or `TRUSTPLANE_PREFLIGHT=off`. */
function isOff({ cluster }: StackConfig): boolean {
  return !cluster.preflight || process.env.TRUSTPLANE_PREFLIGHT === "off";
}

/**
 * Holds the configuration against the live cluster, and warns of what does not stop an update. Only reads, and never a Secret: the
 * credentials that it needs give no key away (neededRights.ts).
 *
 * @param firstAnswer milliseconds that the API server has to show that it is there
 * @returns `undefined` where it is switched off
 * @throws PreflightError that names every problem at once; nothing has been registered then
 */
export async function preflight(config: StackConfig, firstAnswer?: number): Promise<ClusterFacts | undefined> {
  if (isOff(config)) return undefined;
  const { access, facts, judgements } = await examine(config, firstAnswer);
  const refused = judgements.filter(({ onProblem }) => onProblem === "refuse").flatMap(({ problems }) => problems);
  const stopped = judgements.flatMap(({ onUnread, unread }) =>
    onUnread === "refuse" && unread !== undefined ? [unreadProblem(access, unread)] : [],
  );
  // several rules need the same fact
  const problems = [...refused, ...new Map(stopped.map((problem) => [problem.found, problem])).values()];
  if (problems.length > 0) throw new PreflightError(clusterText(access), problems);
  for (const { about, onProblem, problems: told, unread } of judgements) {
    if (onProblem === "warn") for (const problem of told) await pulumi.log.warn(warningText(problem));
    if (unread !== undefined) await pulumi.log.warn(`${about}: ${unread.unread ?? "not checked"}: ${unread.message}`);
  }
  return facts;
}

function warningText({ path, found, allowed, wayOut }: Problem): string {
  return `${path}: found ${found}; allowed is ${allowed}. ${wayOut}`;
}

function unreadProblem({ server, context }: ClusterAccess, { unread, message: found }: ReadError): Problem {
  if (unread === "not permitted") {
    const allowed = "a user who may read it: an update could take or break what is on the cluster";
    return {
      path: `the user of context ${context}`,
      found,
      allowed,
      wayOut: `grant the user of context ${context} that right, or ${SWITCH_OFF}`,
    };
  }
  const allowed = "an answer: without it an update could take or break what is on the cluster";
  return { path: `server ${server}`, found, allowed, wayOut: `run it again when the cluster is less busy, or ${SWITCH_OFF}` };
}
