import type { WorkersConfig } from "../config/workers";
import type { Problem } from "../config/problem";
import type { ClusterReader } from "./clusterReader";
import { fieldManagers, isOurs, type ManagedObject } from "./labelManagers";

/** The pull secrets that pods of a namespace are given, and who has set them. */
export interface DefaultServiceAccountFact {
  readonly namespace: string;
  /** Names of Secrets; empty where there is no list. */
  readonly imagePullSecrets: readonly string[];
  readonly managers: readonly string[];
}

interface ServiceAccount extends ManagedObject {
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

/** Reads those that the configuration names. */
export function readDefaultServiceAccounts(
  reader: ClusterReader,
  { imagePullSecrets }: WorkersConfig,
): Promise<DefaultServiceAccountFact[]> {
  const accounts = imagePullSecrets?.defaultServiceAccounts ?? [];
  return Promise.all(
    accounts.map(async ({ namespace }) => {
      const found = (await reader.find(`/api/v1/namespaces/${namespace}/serviceaccounts/default`)) as ServiceAccount | undefined;
      const names = (found?.imagePullSecrets ?? []).map(({ name = "" }) => name);
      return { namespace, imagePullSecrets: names, managers: fieldManagers(found?.metadata?.managedFields, "imagePullSecrets") };
    }),
  );
}

/** Why a `default` ServiceAccount cannot get its list: somebody else has set another one, and Kubernetes keeps it as one value. */
export function pullSecretProblems({ imagePullSecrets }: WorkersConfig, live: readonly DefaultServiceAccountFact[]): Problem[] {
  return (imagePullSecrets?.defaultServiceAccounts ?? []).flatMap(({ namespace, imagePullSecrets: wanted }, index) => {
    const found = live.find((each) => each.namespace === namespace);
    if (found === undefined || found.imagePullSecrets.length === 0 || isOurs(found.managers)) return [];
    const has = JSON.stringify(found.imagePullSecrets);
    if (has === JSON.stringify(wanted)) return [];
    const taking = `kubectl patch serviceaccount default -n ${namespace} --type=json -p '[{"op":"remove","path":"/imagePullSecrets"}]'`;
    return [
      {
        path: `trustplane:workers.imagePullSecrets.defaultServiceAccounts[${index}].imagePullSecrets`,
        found: `${JSON.stringify(wanted)}, and the ServiceAccount has ${has}${found.managers.length === 0 ? "" : `, set by ${found.managers.join(", ")}`}`,
        allowed: "another list only where there is none, or this stack has set it",
        wayOut: `write ${has}, leave the namespace out, or take the list off first: ${taking}`,
      },
    ];
  });
}
