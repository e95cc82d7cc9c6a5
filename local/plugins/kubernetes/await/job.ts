import type { KubernetesObject } from "../kubernetesObject";
import { conditionOf, fullName, numberAt, textAt } from "./objectFields";
import { podProblems } from "./podProblems";
import { waitingTimedOut, type Readiness, type Surroundings, type Verdict } from "./readiness";

/** A Job is ready when it is complete; it has failed as soon as its controller says so. */
export const jobReadiness: Readiness = { timedOut: waitingTimedOut, refreshed: true, judge: judgeJob };

async function judgeJob(job: KubernetesObject, around: Surroundings): Promise<Verdict> {
  if (conditionOf(job, "Complete")?.status === "True") return { ready: true };
  const problems = podProblems(await around.list("v1", "Pod"), job);
  const failed = conditionOf(job, "Failed");
  if (failed?.status === "True") {
    return { ready: false, failed: true, reasons: [`[${textAt(failed, "reason")}] ${textAt(failed, "message")}`, ...problems] };
  }
  return { ready: false, reasons: problems, status: progress(job) };
}

function progress(job: KubernetesObject): string {
  const name = fullName(job).replace(/^default\//, "");
  if (textAt(job, "status", "startTime") === "") return `Waiting for Job "${name}" to start`;
  const count = (field: string): string => String(numberAt(job, 0, "status", field));
  return `Waiting for Job "${name}" to succeed (Active: ${count("active")} | Succeeded: ${count("succeeded")} | Failed: ${count("failed")})`;
}
