import { stackArgument, type Usage } from "./arguments";
import { exitCode, Failure } from "./exitCode";
import { isCordonedByStack, NodeCluster } from "./nodeCluster";
import { type Drained, type DrainRequest, drainNode, evictable } from "./nodeDrain";
import { runScript, type Session } from "./session";
import { stackCluster } from "./stackCluster";

const defaultMinutes = 15;

const usage: Usage = {
  command: "node",
  about: "Takes a node out of service and back: drain keeps new pods away and evicts those that are there, resume lets pods come again.",
  operands: ["drain|resume", "NODE"],
  options: [
    { name: "timeout", value: "MINUTES", about: `how long to wait for the pods to go (default: ${defaultMinutes})` },
    { name: "delete-emptydir-data", about: "evict pods that keep data in an emptyDir, too" },
    { name: "force", about: "evict pods that no controller makes again, too" },
  ],
};

function minutes({ given }: Session): number {
  const text = given.get("timeout") ?? String(defaultMinutes);
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new Failure(`--timeout ${String(text)}: allowed is a number of minutes, 0 to ask once.`);
}

function resumeCommand(name: string, stack: string): string {
  return stack === "dev" ? `npm run node -- resume ${name}` : `npm run node -- resume ${name} --stack ${stack}`;
}

async function drain(session: Session, cluster: NodeCluster, name: string): Promise<number> {
  const { given, stack } = session;
  const limits = { deleteEmptyDirData: given.has("delete-emptydir-data"), force: given.has("force") };
  const timeout = minutes(session) * 60_000;
  await cluster.node(name);
  // before the cordon, so that a refusal changes nothing
  evictable(await cluster.pods(name), limits);
  await cluster.cordon(name, true);
  session.print(`${name} takes no new pods; ${resumeCommand(name, stack)} lets them come again`);
  const drained = await evictAll(session, cluster, { ...limits, node: name, timeout });
  session.print(drainedText(name, drained));
  return { drained: exitCode.ok, timeout: exitCode.engine, stopped: exitCode.interrupted }[drained.end];
}

async function evictAll(
  { interrupts, progress }: Session,
  cluster: NodeCluster,
  request: Omit<DrainRequest, "stopped" | "step">,
): Promise<Drained> {
  const step = progress.start(`draining ${request.node}`);
  const stop = (): void => {
    step.detail("stops after this round");
  };
  try {
    const work = (): Promise<Drained> => drainNode(cluster, { ...request, stopped: () => interrupts.requested, step });
    const drained = await interrupts.during(stop, work);
    step.done(`draining ${request.node}: ${drained.end}`);
    return drained;
  } catch (error) {
    step.fail("see below");
    throw error;
  }
}

/** What is gone, and what is left and why. */
function drainedText(name: string, { end, gone, left }: Drained): string {
  if (end === "drained") return `${name} is drained: ${gone} pods are gone, and what DaemonSets and the node itself run stays`;
  const why = end === "timeout" ? "the time is over (--timeout gives more)" : "stopped";
  return [`${why}: ${gone} pods are gone from ${name}, ${left.length} are left:`, ...left.map((pod) => `  ${pod}`)].join("\n");
}

async function resume(session: Session, cluster: NodeCluster, name: string): Promise<number> {
  const { stack } = session;
  const node = await cluster.node(name);
  if (isCordonedByStack(node)) {
    throw new Failure(
      `${name} is cordoned by a stack: take cordon: true from trustplane:workers.nodes.${name} in its file (Pulumi.${stack}.yaml, if it is this one's), ` +
        `then run: npm run up${stackArgument(stack)}, and this again if an operator had cordoned it, too`,
    );
  }
  if (node.spec?.unschedulable === true) {
    await cluster.cordon(name, false);
    session.print(`${name} takes pods again; those that went elsewhere stay there until they are made again`);
  } else session.print(`${name} takes pods already`);
  return exitCode.ok;
}

/** Drains a node or resumes it, as the first operand says. */
export async function node(session: Session): Promise<number> {
  const { root, stack, given } = session;
  const [action, name] = usage.operands?.map((operand) => given.get(operand)) ?? [];
  if (action !== "drain" && action !== "resume") throw new Failure(`${String(action ?? "nothing")}: allowed is drain NODE or resume NODE.`);
  if (typeof name !== "string") throw new Failure(`${action}: a node's name is missing. Give it as ${action} NODE.`);
  const cluster = new NodeCluster(stackCluster(root, stack).kubeConfig);
  return action === "drain" ? drain(session, cluster, name) : resume(session, cluster, name);
}

if (require.main === module) runScript(usage, node);
