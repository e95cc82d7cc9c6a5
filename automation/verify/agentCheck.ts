import { agentName } from "../../components/ponos/ponosScope";
import type { KubernetesObject } from "../../preflight/clusterReader";
import { type Check, failed, type Finding, ok, warning } from "../checks/check";
import { objectsOf, type StackObject, type VerifyContext } from "./verifyContext";

interface Pod extends KubernetesObject {
  readonly metadata?: KubernetesObject["metadata"] & { readonly deletionTimestamp?: string };
  readonly status?: { readonly phase?: string };
}

const deployed = "trustplane:ponos:PonosAgent$kubernetes:apps/v1:Deployment";

/** Whether the pod still works, or will; one that is about to go counts until it is gone. */
function works({ status }: Pod): boolean {
  return status?.phase !== "Succeeded" && status?.phase !== "Failed";
}

function names(pods: readonly Pod[]): string {
  return pods.map(({ metadata }) => `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`).join(", ");
}

function inOwnNamespace({ namespace = "" }: StackObject, pods: readonly Pod[]): Finding {
  const subject = `agent in ${namespace}`;
  const own = pods.filter(({ metadata }) => metadata?.namespace === namespace);
  if (own.length === 1) return ok(subject, `exactly one: ${names(own)}`);
  if (own.length === 0)
    return failed(subject, "none runs", `kubectl describe deployment -n ${namespace} -l app.kubernetes.io/name=${agentName}`);
  const wayOut = `two agents of a farm take each other's tasks: delete what the stack did not make (kubectl get deployments,pods -n ${namespace} -l name=${agentName})`;
  return failed(subject, `${own.length} run, and one may: ${names(own)}`, wayOut);
}

function elsewhere(agents: readonly StackObject[], pods: readonly Pod[]): Finding[] {
  const others = pods.filter(({ metadata }) => !agents.some(({ namespace }) => namespace === metadata?.namespace));
  const wayOut = "fine for another farm; if it is this one's, scale it to 0 and delete it: two agents of a farm take each other's tasks";
  return others.length === 0 ? [] : [warning("agents in other namespaces", names(others), wayOut)];
}

/** Exactly one Ponos agent runs for the stack's farm, whoever has made the others. */
export const agentCheck: Check<VerifyContext> = {
  name: "ponos agent",
  async run(context, signal) {
    const agents = objectsOf({ deployment: only(context, deployed) }, "Deployment");
    if (agents.length === 0) return [];
    const reader = await context.open(signal);
    const pods = ((await reader.list("/api/v1/pods", { labelSelector: `name=${agentName}` })) as Pod[]).filter(works);
    return [...agents.map((agent) => inOwnNamespace(agent, pods)), ...elsewhere(agents, pods)];
  },
};

/** The part of the state whose URNs have these types. */
function only({ deployment }: VerifyContext, types: string): VerifyContext["deployment"] {
  return { resources: deployment.resources?.filter(({ urn }) => urn.includes(types)) };
}
