import * as fs from "node:fs";
import { ProblemsError } from "../config/problem";
import { embeddedKubeconfig } from "../local/paths";
import { clusterAccess } from "../preflight/clusterAccess";
import { ClusterReader } from "../preflight/clusterReader";
import type { Usage } from "./arguments";
import { AccessReviews } from "./checks/accessReview";
import { type Check, failed, notRunHere, type Row, runChecks } from "./checks/check";
import { report } from "./checks/checkReport";
import { apisCheck } from "./doctor/apisCheck";
import { chartsCheck } from "./doctor/chartsCheck";
import { classesCheck } from "./doctor/classesCheck";
import { clusterCheck } from "./doctor/clusterCheck";
import type { DoctorContext } from "./doctor/doctorContext";
import { egressCheck } from "./doctor/egressCheck";
import { permissionsCheck } from "./doctor/permissionsCheck";
import { portsCheck } from "./doctor/portsCheck";
import { readProgram, readStackConfig } from "./doctor/program";
import { renderCharts } from "./doctor/renderCharts";
import { signerCheck } from "./doctor/signerCheck";
import { toolsCheck } from "./doctor/toolsCheck";
import { runScript, type Session } from "./session";
import { isEmbedded } from "./stackFiles";

const usage: Usage = {
  command: "doctor",
  about: "Shows before anything is made whether this machine and the stack's cluster can take it; changes nothing.",
  options: [{ name: "json", about: "print one JSON object instead of the table (automation/checks/report.schema.json)" }],
};

const checks: readonly Check<DoctorContext>[] = [
  clusterCheck,
  apisCheck,
  permissionsCheck,
  classesCheck,
  portsCheck,
  signerCheck,
  chartsCheck,
  egressCheck,
];

/** @throws ProblemsError where the configuration, or the kubeconfig that it means, cannot be used */
async function contextOf({ root, stack }: Session): Promise<DoctorContext> {
  const config = await readStackConfig(root, stack);
  const { kubeConfig, ...access } = clusterAccess(config.cluster);
  const program = await readProgram(root, stack);
  let charts: ReturnType<DoctorContext["charts"]> | undefined;
  return {
    stack,
    embedded: isEmbedded(root, stack),
    config,
    program,
    access,
    reviews: new AccessReviews(kubeConfig),
    open: (signal) => ClusterReader.open(kubeConfig, access.server, signal),
    charts: () => (charts ??= renderCharts(root, program.releases)),
  };
}

/** Without a cluster and a configuration that can be used there is nothing more to look at. */
async function clusterRows(session: Session): Promise<readonly Row[]> {
  const { root, stack, progress } = session;
  if (isEmbedded(root, stack) && !fs.existsSync(embeddedKubeconfig)) {
    const text = "the embedded control plane is not there yet: npm run up starts it, then run this again to look at it too";
    return [{ check: "cluster", ...notRunHere(stack, text) }];
  }
  try {
    return await runChecks(`examining the cluster of ${stack}`, checks, await contextOf(session), progress);
  } catch (error) {
    const check = "configuration";
    if (error instanceof ProblemsError)
      return error.problems.map(({ path, found, allowed, wayOut }) => ({
        check,
        ...failed(path, `found ${found}; allowed is ${allowed}`, wayOut),
      }));
    const text = error instanceof Error ? error.message : String(error);
    return [
      { check, ...failed(`Pulumi.${stack}.yaml`, `the program cannot be read: ${text}`, "correct that, then run the same command again") },
    ];
  }
}

/** Looks at this machine, the configuration and the cluster, prints what it found, and gives the exit code. */
export async function doctor(session: Session): Promise<number> {
  const { root, stack, progress } = session;
  const tools = await runChecks("looking for tools", [toolsCheck(isEmbedded(root, stack))], undefined, progress);
  return report(session, "doctor", [...tools, ...(await clusterRows(session))]);
}

if (require.main === module) runScript(usage, doctor);
