import * as k8s from "@pulumi/kubernetes";
import { clusterProvider } from "../../components/platform/clusterProvider";

/** Names what the program makes, and of these what never gets ready. */
export const momentsVariable = "BAD_MOMENTS";
export const stuckVariable = "BAD_MOMENTS_STUCK";

export const namespaceName = "moments";

const labels = { app: "moment" };

/** Their updates must not end by themselves before they are ended; the others go on until the wait for what is stuck is over. */
const endedBefore = ["engine", "twice"];

/** @param previous what must be ready before */
function moment(
  name: string,
  stuck: boolean,
  provider: k8s.Provider,
  previous: k8s.core.v1.Namespace | k8s.apps.v1.Deployment,
): k8s.apps.v1.Deployment {
  const metadata = { namespace: namespaceName, labels };
  const opts = { provider, dependsOn: previous };
  const before = new k8s.core.v1.ConfigMap(`before-${name}`, { metadata }, opts);
  const nodeSelector = { "kubernetes.io/os": stuck ? "none" : "linux" };
  const pod = { nodeSelector, containers: [{ name: "pause", image: "registry.k8s.io/pause:3.10" }] };
  // without a name of its own, so that a second one would be accepted
  const deployment = new k8s.apps.v1.Deployment(
    name,
    {
      metadata: { ...metadata, labels: { ...labels, moment: name } },
      spec: { selector: { matchLabels: { moment: name } }, template: { metadata: { labels: { moment: name } }, spec: pod } },
    },
    { ...opts, dependsOn: before, customTimeouts: { create: endedBefore.includes(name) ? "5m" : "25s" } },
  );
  new k8s.core.v1.ConfigMap(`after-${name}`, { metadata: { ...metadata, name: `after-${name}` } }, { ...opts, dependsOn: deployment });
  return deployment;
}

/** For each moment, one after the other, a chain of three objects, whose middle is there at once and ready only where it is not stuck. */
export function program(): Promise<Record<string, unknown>> {
  const provider = clusterProvider({ identifier: "dev" });
  let previous: Parameters<typeof moment>[3] = new k8s.core.v1.Namespace("moments", { metadata: { name: namespaceName } }, { provider });
  const names = (process.env[momentsVariable] ?? "").split(",").filter((name) => name !== "");
  for (const name of names) previous = moment(name, name === process.env[stuckVariable], provider, previous);
  return Promise.resolve({ moments: names });
}
