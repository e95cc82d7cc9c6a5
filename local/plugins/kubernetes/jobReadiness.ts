import type { Json } from "../server/provider";
import type { Cluster } from "./cluster";
import { fieldAt } from "./fields";
import { isObject, type KubernetesObject } from "./kubernetesObject";

/** Whether a Job, as the server has it now, is complete; one that cannot be read counts as ready. */
export async function isJobReady({ client }: Cluster, job: KubernetesObject): Promise<boolean> {
  try {
    const path = await client.resourcePath(job.apiVersion, job.kind, job.metadata.namespace, job.metadata.name);
    return isComplete(await client.request("GET", path));
  } catch {
    return true;
  }
}

function isComplete(job: Json): boolean {
  const conditions = fieldAt(job, ["status", "conditions"]);
  const all = Array.isArray(conditions) ? (conditions as readonly Json[]).filter(isObject) : [];
  return all.some(({ type, status }) => type === "Complete" && status === "True");
}
