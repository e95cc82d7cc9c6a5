import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ensureTools } from "../local/toolchain/ensureTools";
import { stackArgument, type Usage } from "./arguments";
import { ownResources } from "./deployment";
import { exitCode, Failure } from "./exitCode";
import { type JobName, type Kubectl, type ProbeState, watchProbe } from "./probeJob";
import { judgeLog, judgeStage, judgeUnreadable, type Verdict } from "./probeVerdict";
import { runScript, type Session } from "./session";
import { stackCluster } from "./stackCluster";
import { isEmbedded } from "./stackFiles";
import { readState } from "./workspace";

const defaultMinutes = 10;

const usage: Usage = {
  command: "probe",
  about: "Waits for the access probe on InterLink's virtual node and judges what the Kubernetes API answered it.",
  options: [{ name: "wait", value: "MINUTES", about: `how long to wait for the HPC queue (default: ${defaultMinutes})` }],
};

const jobType = "trustplane:interlink:AccessProbe$kubernetes:batch/v1:Job";

/** The Job as the stack's last update made it. @throws Failure where there is none */
async function probeJob(session: Session): Promise<JobName> {
  const job = ownResources((await readState(session)) ?? {}).find(({ urn }) => urn.includes(jobType));
  if (job !== undefined) return job.outputs?.metadata as JobName;
  const { stack } = session;
  throw new Failure(
    `stack ${stack} has no access probe. Set trustplane:interlink.accessProbe.nodeName in Pulumi.${stack}.yaml to the virtual node's name, ` +
      `then run: npm run up${stackArgument(stack)}`,
  );
}

async function kubectlOf({ root, stack, progress }: Session): Promise<Kubectl> {
  const { kubeconfigPath, context } = stackCluster(root, stack);
  const { kubectl } = await ensureTools(["kubectl"], progress);
  const common = ["--kubeconfig", kubeconfigPath, "--context", context, "--request-timeout", "60s"];
  return async (args) => (await promisify(execFile)(kubectl.path, [...common, ...args], { maxBuffer: 16 << 20 })).stdout;
}

function minutes({ given }: Session): number {
  const text = given.get("wait") ?? String(defaultMinutes);
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new Failure(`--wait ${String(text)}: allowed is a number of minutes, 0 to look once.`);
}

interface Judged {
  readonly verdict: Verdict;
  /** What the container printed; empty where there is nothing yet. */
  readonly log: string;
}

/** The verdict on what the probe has come to. */
export async function judge(kubectl: Kubectl, { namespace, name }: JobName, state: ProbeState): Promise<Judged> {
  const { stage, nodeName, pod } = state;
  if (stage !== "ended" || pod === undefined) return { verdict: judgeStage(state, { namespace, name }), log: "" };
  try {
    const log = await kubectl(["logs", "-n", namespace, pod]);
    return { verdict: judgeLog(log, { nodeName, namespace }), log };
  } catch (error) {
    return { verdict: judgeUnreadable(error instanceof Error ? error.message : String(error)), log: "" };
  }
}

/** The verdict and what it is about, one row each. */
export function probeTable({ namespace, name }: JobName, state: ProbeState, verdict: Verdict): string {
  const rows = Object.entries({
    job: `${namespace}/${name}`,
    node: state.nodeName,
    pod: state.pod,
    created: state.created,
    finished: state.finished,
    result: verdict.result,
    "what to do": verdict.wayOut,
  });
  return rows.flatMap(([key, value]) => (value === undefined ? [] : [`  ${key.padEnd(10)}  ${value}`])).join("\n");
}

/** Waits for the probe and prints what it showed. */
export async function probe(session: Session): Promise<number> {
  if (isEmbedded(session.root, session.stack)) {
    session.print("not run here: no container runs on the embedded control plane");
    return exitCode.ok;
  }
  const millis = minutes(session) * 60_000;
  const job = await probeJob(session);
  const kubectl = await kubectlOf(session);
  const step = session.progress.start(`access probe ${job.namespace}/${job.name}`);
  const state = await watchProbe(kubectl, job, millis, step).catch((error: unknown) => {
    step.fail("see below");
    throw error;
  });
  const { verdict, log } = await judge(kubectl, job, state);
  step.done(`access probe ${job.namespace}/${job.name}: ${state.stage}`);
  if (log.trim() !== "") session.print(log.trimEnd());
  session.print(probeTable(job, state, verdict));
  return verdict.passed ? exitCode.ok : exitCode.engine;
}

if (require.main === module) runScript(usage, probe);
