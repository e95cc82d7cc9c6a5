import { ApiException, KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";

type Api = Parameters<KubeConfig["makeApiClient"]>[0];

/** A tenant's question: verb and resource, like `create pods/exec` or `get deployments.apps`, in a namespace or in all of them. */
export interface Question {
  readonly right: string;
  readonly namespace?: string;
}

/** HTTP status, and why where it is a refusal. */
export interface Answer {
  readonly status: number;
  readonly message: string;
}

interface Review {
  readonly status?: { readonly allowed: boolean };
}

/** What the API server answers somebody, asked with that somebody's kubeconfig alone. */
export class TenantClient {
  private readonly config = new KubeConfig();
  private readonly objects: KubernetesObjectApi;

  constructor(kubeconfig: string) {
    this.config.loadFromString(kubeconfig);
    this.objects = KubernetesObjectApi.makeApiClient(this.config);
  }

  api<T extends Api>(type: T): InstanceType<T> {
    return this.config.makeApiClient(type) as InstanceType<T>;
  }

  /** Whether RBAC allows it. */
  async may({ right, namespace }: Question): Promise<boolean> {
    const spec = { resourceAttributes: { ...attributes(right), namespace } };
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", metadata: {}, spec };
    const { status } = (await this.objects.create(review)) as Review;
    return status?.allowed === true;
  }

  /** Makes a pod, or tries to. */
  async pod(namespace: string, name: string, spec: object = {}, container: object = {}): Promise<Answer> {
    const containers = [{ name: "main", image: "registry.example.org/main:1", ...container }];
    return this.create({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace }, spec: { containers, ...spec } });
  }

  /** Makes a Service of that type, or tries to. */
  async service(namespace: string, name: string, type: string, ...ports: readonly number[]): Promise<Answer> {
    const spec = { type, selector: { app: name }, ports: ports.map((port) => ({ name: `port-${port}`, port })) };
    return this.create({ apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec });
  }

  private async create(object: object): Promise<Answer> {
    return answer(this.objects.create(object));
  }
}

/** How the API server answered a request. */
export async function answer(request: Promise<unknown>): Promise<Answer> {
  try {
    await request;
    return { status: 200, message: "" };
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    return { status: error.code, message: String(error.body) };
  }
}

function attributes(right: string): Readonly<Record<string, string | undefined>> {
  const [verb, what = ""] = right.split(" ");
  const [path = "", ...group] = what.split(".");
  const [resource, subresource] = path.split("/");
  return { verb, group: group.join("."), resource, subresource };
}
