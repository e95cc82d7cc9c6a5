import type { KubernetesObject } from "../kubernetesObject";
import { skipsAwait, waitedFor } from "./annotations";
import { daemonSetReadiness } from "./daemonSet";
import { deploymentReadiness } from "./deployment";
import { genericReadiness } from "./genericReadiness";
import { ingressReadiness } from "./ingress";
import { jobReadiness } from "./job";
import { podReadiness } from "./pod";
import { claimReadiness, quotaReadiness, replicationControllerReadiness, secretReadiness, volumeReadiness } from "./polledKinds";
import type { Readiness } from "./readiness";
import { serviceReadiness } from "./service";
import { statefulSetReadiness } from "./statefulSet";
import { waitForReadiness } from "./waitFor";

const KINDS: Readonly<Record<string, Readiness>> = {
  "apps/v1/DaemonSet": daemonSetReadiness,
  "apps/v1/Deployment": deploymentReadiness,
  "apps/v1/StatefulSet": statefulSetReadiness,
  "batch/v1/Job": jobReadiness,
  "networking.k8s.io/v1/Ingress": ingressReadiness,
  "v1/PersistentVolume": volumeReadiness,
  "v1/PersistentVolumeClaim": claimReadiness,
  "v1/Pod": podReadiness,
  "v1/ReplicationController": replicationControllerReadiness,
  "v1/ResourceQuota": quotaReadiness,
  "v1/Secret": secretReadiness,
  "v1/Service": serviceReadiness,
};

/**
 * How the object's readiness is found out; `undefined` when it is ready as soon as it exists.
 * `pulumi.com/skipAwait` goes before `pulumi.com/waitFor`, that before the kind's own rule.
 * @throws Error for a `pulumi.com/waitFor` that cannot be read.
 */
export function readinessOf(object: KubernetesObject): Readiness | undefined {
  if (skipsAwait(object)) return undefined;
  const expressions = waitedFor(object);
  if (expressions !== undefined) return waitForReadiness(expressions);
  const known = KINDS[`${object.apiVersion}/${object.kind}`];
  return known ?? (process.env.PULUMI_K8S_AWAIT_ALL === "true" ? genericReadiness : undefined);
}
