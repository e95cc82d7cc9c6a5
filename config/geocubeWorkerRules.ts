import { connectionsNeeded, workersThatFit } from "../components/geocube/connections";
import { foundText } from "./describeIssue";
import { contradiction } from "./geocubeContradiction";
import type { ReadableGeocube } from "./geocubeSchema";
import type { Contradiction } from "./problem";
import { amountOf } from "./quantity";

/** How many workers there may be, and who makes them. */
export function workerProblems(given: ReadableGeocube): Contradiction[] {
  return [...boundProblems(given), ...replicaProblems(given), ...connectionProblems(given), ...scratchProblems(given)];
}

/** Between them the number of workers would never settle. */
function boundProblems({ autoscaler }: ReadableGeocube): Contradiction[] {
  const { ratio, minRatio, max, min } = autoscaler ?? {};
  const bounds = [
    { key: "minRatio", value: minRatio, other: "ratio", limit: ratio },
    { key: "min", value: min, other: "max", limit: max },
  ];
  return bounds.flatMap(({ key, value, other, limit }) => {
    if (value === undefined || limit === undefined || value <= limit) return [];
    const found = `${value}, and ${other} is ${limit}`;
    const finding = { found, allowed: `at most ${other}`, wayOut: `lower it, or raise ${other}` };
    return [contradiction(`autoscaler.${key}`, [`autoscaler.${other}`], finding)];
  });
}

function replicaProblems({ autoscaler, consolidater }: ReadableGeocube): Contradiction[] {
  const { replicas } = consolidater ?? {};
  const keys = ["autoscaler"];
  const at = "consolidater.replicas";
  if (autoscaler !== undefined && replicas !== undefined && replicas > 0) {
    const allowed = "0 beside the autoscaler: it does not know of these pods, makes its own, and never ends these";
    return [
      contradiction(at, keys, { found: String(replicas), allowed, wayOut: "remove it and set autoscaler.min, or remove autoscaler" }),
    ];
  }
  if (autoscaler !== undefined || replicas !== 0) return [];
  const allowed = "1 or more where there is no autoscaler: nobody would work off the jobs";
  return [contradiction(at, keys, { found: "0", allowed, wayOut: "add autoscaler, or remove replicas to have one" })];
}

function connectionProblems({ database, messaging, apiserver, consolidater, autoscaler }: ReadableGeocube): Contradiction[] {
  if (database === undefined || messaging === undefined) return [];
  const scales = autoscaler !== undefined;
  const workers = scales ? (autoscaler.max ?? 0) : (consolidater?.replicas ?? 1);
  const connecting = { messaging, apiservers: apiserver?.replicas ?? 1, workers, autoscaler: scales };
  const { sum, text } = connectionsNeeded(connecting);
  const { maxConnections } = database;
  if (sum <= maxConnections) return [];
  const fit = workersThatFit(connecting, maxConnections);
  const found = `${workers}, for whom the database needs ${text} connections`;
  const allowed = `what database.maxConnections, ${maxConnections}, carries: each worker has up to 5, an apiserver up to 10`;
  const wayOut = fit > 0 ? `set at most ${fit}, or maxConnections: ${sum}` : `set maxConnections: ${sum}`;
  const keys = ["database.maxConnections", "messaging", "apiserver.replicas", "autoscaler.max"];
  return [contradiction(scales ? "autoscaler.max" : "consolidater.replicas", keys, { found, allowed, wayOut })];
}

function scratchProblems({ consolidater }: ReadableGeocube): Contradiction[] {
  const { scratch } = consolidater ?? {};
  if (scratch === undefined || amountOf(scratch.size) > 0) return [];
  const finding = { found: foundText(scratch.size), allowed: "more than nothing: jobs work there", wayOut: 'write "20Gi", for example' };
  return [contradiction("consolidater.scratch.size", [], finding)];
}
