import type { ClusterReader } from "../../preflight/clusterReader";
import { type Check, failed, type Finding, notRunHere, ok } from "../checks/check";
import { chartObjects, objectsOf, placeOf, type StackObject, type VerifyContext } from "./verifyContext";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

interface Live {
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly readyReplicas?: number;
    readonly numberReady?: number;
    readonly desiredNumberScheduled?: number;
  };
}

const CERT_MANAGER = "/apis/cert-manager.io/v1";

/** Where the API server has each kind whose controller says when it is ready. */
const plurals: Readonly<Record<string, string>> = { Certificate: "certificates", Issuer: "issuers", ClusterIssuer: "clusterissuers" };

/** And each whose pods are counted. */
const workloads: Readonly<Record<string, string>> = { Deployment: "deployments", StatefulSet: "statefulsets", DaemonSet: "daemonsets" };

function pathOf(prefix: string, plural: string, { namespace, name }: StackObject): string {
  return namespace === undefined ? `${prefix}/${plural}/${name}` : `${prefix}/namespaces/${namespace}/${plural}/${name}`;
}

function describe({ kind, namespace, name }: StackObject): string {
  return `kubectl describe ${kind.toLowerCase()} ${namespace === undefined ? "" : `-n ${namespace} `}${name}`;
}

function gone(object: StackObject): Finding {
  return failed(placeOf(object), "is not on the cluster, but the stack's state has it", "npm run refresh, then npm run up makes it again");
}

async function issued(object: StackObject, reader: ClusterReader): Promise<Finding> {
  const live = (await reader.find(pathOf(CERT_MANAGER, plurals[object.kind] ?? "", object))) as Live | undefined;
  if (live === undefined) return gone(object);
  const ready = live.status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return ok(placeOf(object), "Ready");
  return failed(placeOf(object), `not Ready: ${ready?.message ?? "cert-manager has not looked at it"}`, describe(object));
}

async function available(object: StackObject, reader: ClusterReader): Promise<Finding> {
  const live = (await reader.find(pathOf("/apis/apps/v1", workloads[object.kind] ?? "", object))) as Live | undefined;
  if (live === undefined) return gone(object);
  const { readyReplicas, numberReady, desiredNumberScheduled } = live.status ?? {};
  const wanted = object.kind === "DaemonSet" ? (desiredNumberScheduled ?? 0) : (live.spec?.replicas ?? 1);
  const ready = readyReplicas ?? numberReady ?? 0;
  const text = `${ready} of ${wanted} pods ready`;
  return ready >= wanted ? ok(placeOf(object), text) : failed(placeOf(object), text, `${describe(object)}, and its pods' events and logs`);
}

/** What cert-manager answers for is Ready, and what runs in containers has all its pods. */
export const readinessCheck: Check<VerifyContext> = {
  name: "readiness",
  async run(context, signal) {
    const reader = await context.open(signal);
    const certificates = objectsOf(context, ...Object.keys(plurals)).map((object) => issued(object, reader));
    const running = [...objectsOf(context, ...Object.keys(workloads)), ...chartObjects(context).filter(({ kind }) => kind in workloads)];
    if (!context.embedded) return Promise.all([...certificates, ...running.map((object) => available(object, reader))]);
    const skipped = running.map((object) => notRunHere(placeOf(object), "no container runs on the embedded control plane"));
    return [...(await Promise.all(certificates)), ...skipped];
  },
};
