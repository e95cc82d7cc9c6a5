import type { Problem } from "../../config/problem";
import type { ClusterFacts } from "../../preflight/clusterFacts";
import { examine, type Judgement } from "../../preflight/examine";
import { PreflightError } from "../../preflight/preflightError";
import { type Check, failed, type Finding, notRunHere, ok, unchecked, warning } from "../checks/check";
import type { DoctorContext } from "./doctorContext";

/** For the first answer, in milliseconds; no engine waits for it here. */
const PATIENCE = 30_000;

function rowsOf({ about, onProblem, problems, unread }: Judgement): readonly Finding[] {
  if (unread !== undefined) return [unchecked(about, unread)];
  return problems.map((problem) => finding(onProblem === "refuse" ? failed : warning, problem));
}

function finding(verdict: typeof failed, { path, found, allowed, wayOut }: Problem): Finding {
  return verdict(path, `found ${found}; allowed is ${allowed}`, wayOut);
}

/** Rules that found nothing may not have needed what is told here. */
function fits(facts: ClusterFacts): Finding {
  try {
    const classes = facts.storageClasses.map(({ name, isDefault }) => `${name}${isDefault ? " (default)" : ""}`).join(", ");
    return ok("configuration", `fits the cluster: ${facts.nodes.length} nodes; storage classes ${classes === "" ? "none" : classes}`);
  } catch (error) {
    return unchecked("nodes and storage classes", error);
  }
}

/** The cluster answers, is new enough, and fits the configuration: the rules are those of the preflight, and each fault is a row. */
export const clusterCheck: Check<DoctorContext> = {
  name: "cluster",
  async run({ config, access: { context, server } }) {
    const subject = `context ${context}`;
    if (process.env.TRUSTPLANE_PREFLIGHT === "off") return [notRunHere(subject, "TRUSTPLANE_PREFLIGHT=off says not to look")];
    try {
      const { facts, judgements } = await examine(config, PATIENCE);
      const answers = ok(subject, `${server} answers with Kubernetes ${facts.version}`);
      const rows = judgements.flatMap(rowsOf);
      return [...rows, answers, ...(rows.length === 0 ? [fits(facts)] : [])];
    } catch (error) {
      if (!(error instanceof PreflightError)) throw error;
      if (error.unanswered?.unread !== undefined) return [unchecked(subject, error.unanswered)];
      return error.problems.map((problem) => finding(failed, problem));
    }
  },
};
