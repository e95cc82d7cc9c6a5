import { ApiException, type KubeConfig, type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { releaseType } from "../config/kubernetesType";
import { unknownValue } from "../config/unknownValue";
import { ClusterReader } from "../preflight/clusterReader";
import type { Deployment } from "./deployment";
import type { OperationRecord } from "./operationRecord";
import { type PendingCreate, plannedCreates, surroundings } from "./pendingCreates";
import type { Session } from "./session";
import { stackCluster } from "./stackCluster";
import { configuredSection } from "./stackFiles";
import { textAt } from "./valueAt";

/** What an update would make, and what the cluster has already. */
export interface ExistingObject {
  readonly urn: string;
  readonly type: string;
  /** Namespace and name, or the name of what is in no namespace. */
  readonly id: string;
  /** What takes an object over, where the stack has its provider and its parent by now. */
  readonly create?: PendingCreate;
}

/** A check is no reason to wait for long: what a cluster does not answer, the update will tell. Milliseconds. */
const patience = 60_000;

/**
 * Of what a preview would make, what the cluster has already: some versions of the official provider take it over without a word, and others fail
 * in the middle of an update. The API server is asked by a dry run, which says that there is one and nothing of it. What it may not be asked, or
 * does not answer, is taken for absent.
 */
export async function existingObjects(
  { root, stack }: Session,
  record: OperationRecord,
  before: Deployment,
): Promise<readonly ExistingObject[]> {
  const creates = plannedCreates(record).filter(hasKnownName);
  const releases = record.previewed.filter(({ op, type }) => op === "create" && type === releaseType);
  if (creates.length + releases.length === 0 || configuredSection(root, stack, "cluster") === undefined) return [];
  const { kubeConfig, server } = stackCluster(root, stack);
  const namespaces = await taken(kubeConfig, creates.filter(isNamespace));
  const fresh = new Set(creates.filter((each) => isNamespace(each) && !namespaces.includes(each)).map(({ id }) => id));
  const placed = creates.filter((each) => !isNamespace(each) && !fresh.has(textAt(each.inputs, "metadata", "namespace") ?? ""));
  const present = new Set(before.resources?.map(({ urn }) => urn));
  const objects = [...namespaces, ...(await taken(kubeConfig, placed))].map((create) => ({
    ...{ urn: create.urn, type: create.type, id: create.id },
    ...(surroundings(create).every((urn) => present.has(urn)) ? { create } : {}),
  }));
  return [...objects, ...(await takenReleases(kubeConfig, server, releases, fresh))];
}

function isNamespace({ type }: PendingCreate): boolean {
  return type === "kubernetes:core/v1:Namespace";
}

/** A name that the provider makes is free, and one that nobody knows yet cannot be asked for. */
function hasKnownName({ id, inputs }: PendingCreate): boolean {
  return !id.includes(unknownValue) && textAt(inputs, "metadata", "annotations", "pulumi.com/autonamed") === undefined;
}

async function taken(kubeConfig: KubeConfig, creates: readonly PendingCreate[]): Promise<readonly PendingCreate[]> {
  const api = KubernetesObjectApi.makeApiClient(kubeConfig);
  const answers = await Promise.all(creates.map((create) => isTaken(api, bodyOf(create))));
  return creates.filter((_, index) => answers[index]);
}

/** A Secret's name is asked for without what is in it, of which the engine tells the mark alone. */
function bodyOf({ type, inputs = {} }: PendingCreate): object {
  if (type !== "kubernetes:core/v1:Secret") return inputs;
  const [name, namespace] = ["name", "namespace"].map((key) => textAt(inputs, "metadata", key));
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace } };
}

async function isTaken(api: KubernetesObjectApi, body: object): Promise<boolean> {
  const error: unknown = await api.create(body as KubernetesObject, undefined, "All").then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiException)) return false;
  // a Service's node port is looked at before its name: what the object itself has taken is no longer free
  return error.code === 422 ? await isThere(api, body) : String(error.body).includes("AlreadyExists");
}

async function isThere(api: KubernetesObjectApi, body: object): Promise<boolean> {
  return api.read(body as Parameters<KubernetesObjectApi["read"]>[0]).then(
    () => true,
    () => false,
  );
}

/** A release is known by the Secrets in which helm keeps its revisions. */
async function takenReleases(
  kubeConfig: KubeConfig,
  server: string,
  releases: readonly StepEventMetadata[],
  fresh: ReadonlySet<string>,
): Promise<readonly ExistingObject[]> {
  const reader = await ClusterReader.open(kubeConfig, server, AbortSignal.timeout(patience));
  const found = releases.map(async ({ urn, new: state }): Promise<readonly ExistingObject[]> => {
    const [name, namespace = "default"] = [textAt(state?.inputs, "name"), textAt(state?.inputs, "namespace")];
    if (name === undefined || fresh.has(namespace)) return [];
    const selector = { labelSelector: `owner=helm,name=${name}` };
    const revisions = await reader.listMetadata(`/api/v1/namespaces/${namespace}/secrets`, selector).catch(() => []);
    return revisions.length === 0 ? [] : [{ urn, type: releaseType, id: `${namespace}/${name}` }];
  });
  return (await Promise.all(found)).flat();
}
