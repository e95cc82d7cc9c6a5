import type { KubeConfig } from "@kubernetes/client-node";
import { ClusterReader } from "../preflight/clusterReader";
import { stackArgument, type Usage } from "./arguments";
import { AccessReviews } from "./checks/accessReview";
import { type Check, type Row, runChecks } from "./checks/check";
import { report } from "./checks/checkReport";
import { type Deployment, stackOutputs } from "./deployment";
import { Failure } from "./exitCode";
import { runScript, type Session } from "./session";
import { stackCluster } from "./stackCluster";
import { isEmbedded } from "./stackFiles";
import { agentCheck } from "./verify/agentCheck";
import { certificatesCheck } from "./verify/certificatesCheck";
import { edgeCheck } from "./verify/edgeCheck";
import { readinessCheck } from "./verify/readinessCheck";
import { rightsCheck } from "./verify/rightsCheck";
import type { Endpoint, VerifyContext } from "./verify/verifyContext";
import { volumesCheck } from "./verify/volumesCheck";
import { webhooksCheck } from "./verify/webhooksCheck";
import { zonesCheck } from "./verify/zonesCheck";
import { readState } from "./workspace";

const usage: Usage = {
  command: "verify",
  about: "Shows whether what a stack made does what it should, on its cluster; changes nothing.",
  options: [
    { name: "edge", value: "HOST:PORT", about: "connect there to ask the edge, e.g. to a port-forward of its Service" },
    { name: "json", about: "print one JSON object instead of the table (automation/checks/report.schema.json)" },
  ],
};

const checks: readonly Check<VerifyContext>[] = [
  edgeCheck,
  certificatesCheck,
  readinessCheck,
  rightsCheck,
  agentCheck,
  volumesCheck,
  webhooksCheck,
  zonesCheck,
];

function edgeEndpoint({ given }: Pick<Session, "given">): Endpoint | undefined {
  const text = given.get("edge");
  if (typeof text !== "string") return undefined;
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && Number(port) >= 1 && Number(port) <= 65_535) return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
  throw new Failure(`--edge ${text}: allowed is HOST:PORT, e.g. --edge 127.0.0.1:8443.`);
}

function contextOf(session: Session, deployment: Deployment, kubeConfig: KubeConfig, server: string): VerifyContext {
  const { root, stack } = session;
  const outputs = stackOutputs(deployment, true) ?? {};
  const { kubernetesApiCaCrt: ca } = outputs;
  return {
    stack,
    embedded: isEmbedded(root, stack),
    deployment,
    outputs,
    exportedCa: typeof ca === "string" ? ca : "",
    edge: edgeEndpoint(session),
    reviews: new AccessReviews(kubeConfig),
    now: new Date(),
    open: (signal) => ClusterReader.open(kubeConfig, server, signal),
  };
}

/**
 * Verifies what an update has left.
 * @param deployment the state after the update
 */
export function verifyState(session: Session, deployment: Deployment): Promise<readonly Row[]> {
  const { root, stack, progress } = session;
  const { kubeConfig, server } = stackCluster(root, stack);
  return runChecks(`verifying ${stack}`, checks, contextOf(session, deployment, kubeConfig, server), progress);
}

/** {@link verifyState} of the last update, all of it printed. @throws Failure where there was none */
export async function verify(session: Session): Promise<number> {
  edgeEndpoint(session);
  const deployment = await readState(session);
  if (deployment?.resources !== undefined && deployment.resources.length > 0)
    return report(session, "verify", await verifyState(session, deployment));
  throw new Failure(`stack ${session.stack} has nothing to verify yet. Run: npm run up${stackArgument(session.stack)}`);
}

if (require.main === module) runScript(usage, verify);
