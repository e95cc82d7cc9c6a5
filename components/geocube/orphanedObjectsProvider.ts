/* eslint-disable @typescript-eslint/no-require-imports -- what an import compiles to would be kept with the text, with whatever is in its cache */
import type * as pulumi from "@pulumi/pulumi";

/** What the provider is told, which is all that the state keeps. */
export interface OrphanedObjectsState {
  readonly kind: "pods" | "secrets";
  readonly namespace: string;
  /** `key=value` of the objects. */
  readonly labelSelector: string;
  /** Another one means that those which are there are of an old template. */
  readonly revision: string;
  /** Path of a kubeconfig. @default what `KUBECONFIG` names, then `~/.kube/config` */
  readonly kubeconfig?: string;
  /** A context of that kubeconfig. @default its current context */
  readonly context?: string;
}

/**
 * Removes objects that others make and nobody owns: once their template has changed, as a controller would, and when the stack goes.
 *
 * The engine keeps the text of this class and of the functions below and runs it in a process of its own: they capture each other and
 * nothing else, and load libraries where they use them. There is no `read`: how many objects there are is the matter of who makes them.
 */
export class OrphanedObjectsProvider implements pulumi.dynamic.ResourceProvider<OrphanedObjectsState, OrphanedObjectsState> {
  private readonly patienceMillis: number;

  constructor(patienceMillis = 120_000) {
    this.patienceMillis = patienceMillis;
  }

  diff(_id: string, olds: OrphanedObjectsState, news: OrphanedObjectsState): Promise<pulumi.dynamic.DiffResult> {
    const told = ["revision", "kubeconfig", "context"] as const;
    const places = ["kind", "namespace", "labelSelector"] as const;
    const replaces = places.filter((key) => olds[key] !== news[key]);
    return Promise.resolve({ changes: replaces.length > 0 || told.some((key) => olds[key] !== news[key]), replaces });
  }

  create(inputs: OrphanedObjectsState): Promise<pulumi.dynamic.CreateResult<OrphanedObjectsState>> {
    return Promise.resolve({ id: `${inputs.namespace}/${inputs.kind}/${inputs.labelSelector}`, outs: inputs });
  }

  /** Whoever makes them makes new ones after the new template. */
  async update(
    _id: string,
    olds: OrphanedObjectsState,
    news: OrphanedObjectsState,
  ): Promise<pulumi.dynamic.UpdateResult<OrphanedObjectsState>> {
    if (olds.revision !== news.revision) await removeAll(news, this.patienceMillis);
    return { outs: news };
  }

  async delete(_id: string, state: OrphanedObjectsState): Promise<void> {
    await removeAll(state, this.patienceMillis);
  }
}

/** Deletes what is there now and waits until it is gone; what comes meanwhile has the new template. */
async function removeAll(state: OrphanedObjectsState, patienceMillis: number): Promise<void> {
  try {
    const { list, removeListed } = collection(state);
    const doomed = await list();
    if (doomed.length === 0) return;
    await removeListed();
    const deadline = Date.now() + patienceMillis;
    for (let left = doomed; left.length > 0; left = (await list()).filter((uid) => doomed.includes(uid))) {
      if (Date.now() > deadline) throw new Error(`${left.length} are still there after ${patienceMillis / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } catch (error) {
    throw notRemoved(state, error);
  }
}

interface Collection {
  /** Ids of what is there; nothing else of it is kept. */
  readonly list: () => Promise<string[]>;
  readonly removeListed: () => Promise<unknown>;
}

function collection({ kind, namespace, labelSelector, kubeconfig, context }: OrphanedObjectsState): Collection {
  const { CoreV1Api, KubeConfig } = require("@kubernetes/client-node") as typeof import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  const api = config.makeApiClient(CoreV1Api);
  const which = { namespace, labelSelector };
  const listed = () => (kind === "pods" ? api.listNamespacedPod(which) : api.listNamespacedSecret(which));
  return {
    list: async () => (await listed()).items.map(({ metadata }) => metadata?.uid ?? ""),
    removeListed: () => (kind === "pods" ? api.deleteCollectionNamespacedPod(which) : api.deleteCollectionNamespacedSecret(which)),
  };
}

function notRemoved({ kind, namespace, labelSelector }: OrphanedObjectsState, error: unknown): Error {
  // what keeps a server from answering is the cause of an error that says no more than "fetch failed"
  const { message = String(error), cause } = error instanceof Error ? error : {};
  const reason = cause instanceof Error ? cause.message : message;
  const rights = `whoever runs up needs the verbs "list" and "deletecollection" on ${kind}`;
  const byHand = `kubectl delete ${kind} -n ${namespace} -l ${labelSelector}, then run it again`;
  return new Error(`cannot remove what Geocube leaves behind: ${reason}; ${rights}; or do it by hand: ${byHand}`, { cause: error });
}
