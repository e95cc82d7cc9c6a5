import {
  ApiException,
  AuthorizationV1Api,
  type KubeConfig,
  V1NonResourceAttributes,
  V1ResourceAttributes,
  V1SelfSubjectAccessReview,
  V1SubjectAccessReview,
} from "@kubernetes/client-node";

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

/** Questions at a time; the API server queues more. */
const PARALLEL = 16;

/** Asks the API server who may do what; that changes nothing. */
export class AccessReviews {
  private readonly api: AuthorizationV1Api;

  constructor(kubeConfig: KubeConfig) {
    this.api = kubeConfig.makeApiClient(AuthorizationV1Api);
  }

  /** Those that the user of the kubeconfig may not do. */
  async deniedToMe(asked: readonly Access[]): Promise<readonly Access[]> {
    const answers = await inParallel(asked, async (access) => {
      const body = Object.assign(new V1SelfSubjectAccessReview(), { spec: attributes(access) });
      return (await this.api.createSelfSubjectAccessReview({ body }).catch(inItsWords)).status?.allowed === true;
    });
    return asked.filter((_, index) => answers[index] !== true);
  }

  /** Those that somebody else may do. */
  async allowedTo({ user, groups }: Identity, asked: readonly Access[]): Promise<readonly Access[]> {
    const answers = await inParallel(asked, async (access) => {
      const body = Object.assign(new V1SubjectAccessReview(), { spec: { user, groups: [...groups], ...attributes(access) } });
      return (await this.api.createSubjectAccessReview({ body }).catch(inItsWords)).status?.allowed === true;
    });
    return asked.filter((_, index) => answers[index] === true);
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

type Attributes = { readonly resourceAttributes: V1ResourceAttributes } | { readonly nonResourceAttributes: V1NonResourceAttributes };

function attributes(access: Access): Attributes {
  if ("path" in access) return { nonResourceAttributes: Object.assign(new V1NonResourceAttributes(), access) };
  const { verb, group, namespace, name } = access;
  const [resource = "", subresource] = access.resource.split("/");
  return { resourceAttributes: Object.assign(new V1ResourceAttributes(), { verb, group, resource, subresource, name, namespace }) };
}

/** The client's own error lists headers and a body; the API server's words are in the latter. */
function inItsWords(error: unknown): never {
  if (!(error instanceof ApiException)) throw error;
  const body: unknown = error.body;
  const { message } = (typeof body === "string" ? JSON.parse(body) : body) as { readonly message?: string };
  throw new Error(message ?? `the API server answered with ${error.code}`);
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return results;
}
