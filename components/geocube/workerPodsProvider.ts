/* eslint-disable @typescript-eslint/no-require-imports -- what an import compiles to would be kept with the text, with whatever is in its cache */
import type * as pulumi from "@pulumi/pulumi";

/** What the provider is told, which is all that the state keeps. */
export interface WorkerPodsState {
  readonly namespace: string;
  /** `key=value` of the pods. */
  readonly labelSelector: string;
  /** Another one means that running pods are of an old template. */
  readonly revision: string;
  /** Path of a kubeconfig. @default what `KUBECONFIG` names, then `~/.kube/config` */
  readonly kubeconfig?: string;
  /** A context of that kubeconfig. @default its current context */
  readonly context?: string;
}

/**
 * Removes pods that no controller owns: once their template has changed, as a controller would, and when the stack goes.
 *
 * The engine keeps the text of this class and of the functions below and runs it in a process of its own: they capture each other and
 * nothing else, and load libraries where they use them. There is no `read`: how many pods there are is the autoscaler's matter.
 */
export class WorkerPodsProvider implements pulumi.dynamic.ResourceProvider<WorkerPodsState, WorkerPodsState> {
  private readonly patienceMillis: number;

  constructor(patienceMillis = 120_000) {
    this.patienceMillis = patienceMillis;
  }

  diff(_id: string, olds: WorkerPodsState, news: WorkerPodsState): Promise<pulumi.dynamic.DiffResult> {
    const told = ["revision", "kubeconfig", "context"] as const;
    const moved = olds.namespace !== news.namespace || olds.labelSelector !== news.labelSelector;
    return Promise.resolve({ changes: moved || told.some((key) => olds[key] !== news[key]), replaces: moved ? ["namespace"] : [] });
  }

  create(inputs: WorkerPodsState): Promise<pulumi.dynamic.CreateResult<WorkerPodsState>> {
    return Promise.resolve({ id: `${inputs.namespace}/${inputs.labelSelector}`, outs: inputs });
  }

  /** The autoscaler makes new ones after the new template; a job that was under way is begun again by whoever takes it next. */
  async update(_id: string, olds: WorkerPodsState, news: WorkerPodsState): Promise<pulumi.dynamic.UpdateResult<WorkerPodsState>> {
    if (olds.revision !== news.revision) await removePods(news, this.patienceMillis);
    return { outs: news };
  }

  async delete(_id: string, state: WorkerPodsState): Promise<void> {
    await removePods(state, this.patienceMillis);
  }
}

/** Deletes the pods that are there now and waits until they are gone; those that come meanwhile have the new template. */
async function removePods(state: WorkerPodsState, patienceMillis: number): Promise<void> {
  const { namespace, labelSelector } = state;
  const api = coreApi(state);
  try {
    const list = async (): Promise<string[]> => {
      const { items } = await api.listNamespacedPod({ namespace, labelSelector });
      return items.map(({ metadata }) => metadata?.uid ?? "");
    };
    const doomed = await list();
    if (doomed.length === 0) return;
    await api.deleteCollectionNamespacedPod({ namespace, labelSelector });
    const deadline = Date.now() + patienceMillis;
    for (let left = doomed; left.length > 0; left = (await list()).filter((uid) => doomed.includes(uid))) {
      if (Date.now() > deadline) throw new Error(`${left.length} are still there after ${patienceMillis / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } catch (error) {
    throw notRemoved(state, error);
  }
}

function notRemoved({ namespace, labelSelector }: WorkerPodsState, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  const rights = 'whoever runs up needs the verbs "list" and "deletecollection" on pods';
  const byHand = `kubectl delete pods -n ${namespace} -l ${labelSelector}, then run it again`;
  return new Error(`cannot remove Geocube's workers: ${reason}; ${rights}; or do it by hand: ${byHand}`, { cause: error });
}

function coreApi({ kubeconfig, context }: WorkerPodsState): import("@kubernetes/client-node").CoreV1Api {
  const { CoreV1Api, KubeConfig } = require("@kubernetes/client-node") as typeof import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  return config.makeApiClient(CoreV1Api);
}
