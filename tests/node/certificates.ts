import { CustomObjectsApi } from "@kubernetes/client-node";
import { renewal } from "../renewal";
import type { NodeCluster } from "./nodeCluster";
import { eventually } from "./podStates";

interface Certificate {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly status?: { readonly revision?: number };
}

const kind = { group: "cert-manager.io", version: "v1", plural: "certificates" } as const;

async function certificates(cluster: NodeCluster): Promise<readonly Certificate[]> {
  const list = (await cluster.client().makeApiClient(CustomObjectsApi).listClusterCustomObject(kind)) as { items: readonly Certificate[] };
  return list.items;
}

function nameOf({ metadata }: Certificate): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** Has cert-manager issue every leaf anew, as `cmctl renew --all` does, and waits until it has. */
export async function renewAll(cluster: NodeCluster): Promise<void> {
  const before = await certificates(cluster);
  for (const { metadata } of before)
    cluster.kubectl("patch", "certificate", metadata.name, "--namespace", metadata.namespace, ...renewal());
  await eventually("every leaf is issued anew", 300, async () => {
    const revisions = new Map((await certificates(cluster)).map((one) => [nameOf(one), one.status?.revision ?? 0]));
    return before.filter((one) => (revisions.get(nameOf(one)) ?? 0) <= (one.status?.revision ?? 0)).map(nameOf);
  });
}
