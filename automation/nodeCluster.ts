import {
  ApiException,
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  V1Eviction,
  type V1Node,
  V1ObjectMeta,
  type V1Pod,
} from "@kubernetes/client-node";
import { nearestName } from "../config/nearestName";
import { causeOf } from "../preflight/causeOf";
import { OUR_MANAGER } from "../preflight/labelManagers";
import { Failure } from "./exitCode";

/** What an eviction came to: accepted, held back by a disruption budget for the reason given, or needless since the pod is gone. */
export type Eviction = { readonly type: "accepted" } | { readonly type: "held"; readonly reason: string } | { readonly type: "gone" };

interface Status {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** Who sets `spec.unschedulable` here, so that a stack's own cordon is told from an operator's. */
const fieldManager = "trustplane-node";

/** A cluster's nodes and the pods on them. What the API server refuses is a {@link Failure} with its words, as is what keeps it from answering. */
export class NodeCluster {
  private readonly api: CoreV1Api;

  constructor(kubeConfig: KubeConfig) {
    this.api = kubeConfig.makeApiClient(CoreV1Api);
  }

  /** @throws Failure that names the nodes that there are */
  async node(name: string): Promise<V1Node> {
    const { items } = await told(this.api.listNode());
    const found = items.find(({ metadata }) => metadata?.name === name);
    if (found !== undefined) return found;
    const names = items.map(({ metadata }) => metadata?.name ?? "");
    const near = nearestName(name, names);
    const hint = near === undefined ? "" : ` Did you mean ${near}?`;
    throw new Failure(`the cluster has no node ${name}.${hint} Nodes: ${names.slice(0, 20).join(", ")}${names.length > 20 ? ", …" : ""}.`);
  }

  /** Keeps new pods away from a node, or lets them come again. */
  async cordon(name: string, unschedulable: boolean): Promise<void> {
    // null takes the field out, as kubectl does
    const body = { spec: { unschedulable: unschedulable ? true : null } };
    await told(this.api.patchNode({ name, body, fieldManager }, setHeaderOptions("Content-Type", PatchStrategy.MergePatch)));
  }

  /** All pods of a node, those that are about to go too. */
  async pods(node: string): Promise<readonly V1Pod[]> {
    const { items } = await told(this.api.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${node}` }));
    return items;
  }

  /** Asks for one pod's eviction, which disruption budgets may hold back. @see https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/ */
  async evict({ metadata }: V1Pod): Promise<Eviction> {
    const [name, namespace] = [metadata?.name ?? "", metadata?.namespace ?? ""];
    // of another pod that has the name by now nobody has spoken
    const body = Object.assign(new V1Eviction(), {
      metadata: Object.assign(new V1ObjectMeta(), { name, namespace }),
      deleteOptions: { preconditions: { uid: metadata?.uid } },
    });
    try {
      await this.api.createNamespacedPodEviction({ name, namespace, body });
      return { type: "accepted" };
    } catch (error) {
      if (!(error instanceof ApiException)) throw unanswered(error);
      if (error.code === 404 || error.code === 409) return { type: "gone" };
      if (isBudgetedTwice(error)) return { type: "held", reason: budgetedTwice(namespace) };
      if (error.code === 429 || isTerminating(error)) return { type: "held", reason: reasonOf(error) };
      throw new Failure(`${namespace}/${name} cannot be evicted: ${reasonOf(error)}`);
    }
  }
}

/** Whether a stack keeps the node cordoned, so that it would be cordoned again. */
export function isCordonedByStack({ metadata }: V1Node): boolean {
  return (metadata?.managedFields ?? []).some(({ manager = "", fieldsV1 }) => {
    const spec = (fieldsV1 as Readonly<Record<string, object | undefined>> | undefined)?.["f:spec"];
    return manager.startsWith(OUR_MANAGER) && spec !== undefined && "f:unschedulable" in spec;
  });
}

async function told<T>(request: Promise<T>): Promise<T> {
  return request.catch((error: unknown) => {
    throw error instanceof ApiException ? new Failure(`the API server refuses it: ${reasonOf(error)}`) : unanswered(error);
  });
}

function unanswered(error: unknown): Failure {
  return new Failure(`the API server cannot be asked: ${causeOf(error)}`);
}

/** The Eviction API has neither a status nor a reason of its own for it. */
function isBudgetedTwice(error: ApiException<unknown>): boolean {
  return error.code === 500 && reasonOf(error).includes("more than one PodDisruptionBudget");
}

function budgetedTwice(namespace: string): string {
  return `it has more than one disruption budget, which the Eviction API does not take: delete all but one (kubectl -n ${namespace} get pdb)`;
}

/** The namespace goes, and the pod with it. */
function isTerminating(error: ApiException<unknown>): boolean {
  return error.code === 403 && (statusOf(error).details?.causes ?? []).some(({ reason }) => reason === "NamespaceTerminating");
}

function reasonOf(error: ApiException<unknown>): string {
  const { message, details } = statusOf(error);
  const causes = (details?.causes ?? []).flatMap((cause) => cause.message ?? []);
  return [message ?? `status ${error.code}`, ...causes].join(" ");
}

function statusOf({ body }: ApiException<unknown>): Status {
  try {
    return (typeof body === "string" ? JSON.parse(body) : (body ?? {})) as Status;
  } catch {
    return { message: String(body) };
  }
}
