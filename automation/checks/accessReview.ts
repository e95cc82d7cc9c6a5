import type { KubeConfig } from "@kubernetes/client-node";
import { ClusterReader } from "../../preflight/clusterReader";

/** Something that somebody may or may not do: with an object, or with a path of the API server. */
export type Access =
  | {
      readonly verb: string;
      /** Empty for the core group. */
      readonly group: string;
      /** `pods`, `pods/exec`, `*`. */
      readonly resource: string;
      /** Absent for every object. */
      readonly name?: string;
      /** Absent for the whole cluster. */
      readonly namespace?: string;
    }
  | { readonly verb: string; readonly path: string };

/** Whom a binding names, as authentication would call him. */
export interface Identity {
  readonly user?: string;
  readonly groups: readonly string[];
}

const AUTHORIZATION = "authorization.k8s.io/v1";

/** Asks the API server who may do what; that changes nothing. */
export class AccessReviews {
  constructor(private readonly kubeConfig: KubeConfig) {}

  /** Those that the user of the kubeconfig may not do. */
  async deniedToMe(asked: readonly Access[]): Promise<readonly Access[]> {
    const answers = await this.allowed("SelfSubjectAccessReview", asked, {});
    return asked.filter((_, index) => answers[index] !== true);
  }

  /** Those that somebody else may do. */
  async allowedTo({ user, groups }: Identity, asked: readonly Access[]): Promise<readonly Access[]> {
    const answers = await this.allowed("SubjectAccessReview", asked, { user, groups });
    return asked.filter((_, index) => answers[index] === true);
  }

  private async allowed(kind: string, asked: readonly Access[], whom: object): Promise<readonly boolean[]> {
    // the first of them that fails ends the others
    const stop = new AbortController();
    const server = this.kubeConfig.getCurrentCluster()?.server ?? "";
    const reader = await ClusterReader.open(this.kubeConfig, server, stop.signal);
    const ask = async (access: Access): Promise<boolean> => {
      const question = { apiVersion: AUTHORIZATION, kind, spec: { ...whom, ...attributes(access) } };
      const answer = await reader.review(`/apis/${AUTHORIZATION}/${kind.toLowerCase()}s`, question);
      return (answer as { readonly status?: { readonly allowed?: boolean } }).status?.allowed === true;
    };
    return Promise.all(asked.map(ask)).finally(() => {
      stop.abort();
    });
  }
}

/** `create pods/exec in farm`, as a person would say it. */
export function accessText(access: Access): string {
  if ("path" in access) return `${access.verb} ${access.path}`;
  const { verb, group, resource, name, namespace } = access;
  const [kind = "", sub] = resource.split("/");
  const what = `${kind}${group === "" || group === "*" ? "" : `.${group}`}${sub === undefined ? "" : `/${sub}`}`;
  return `${verb} ${what}${name === undefined ? "" : ` ${name}`}${namespace === undefined ? " in the whole cluster" : ` in ${namespace}`}`;
}

/** The first few of many, in words. */
export function accessList(accesses: readonly Access[], most = 6): string {
  const told = accesses.slice(0, most).map(accessText).join(", ");
  return accesses.length > most ? `${told} and ${accesses.length - most} more` : told;
}

function attributes(access: Access): object {
  if ("path" in access) return { nonResourceAttributes: access };
  const [resource, subresource] = access.resource.split("/");
  return { resourceAttributes: { ...access, resource, subresource } };
}
