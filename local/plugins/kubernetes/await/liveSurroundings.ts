import { ApiError, NoMatch } from "../apiError";
import { asKubernetesObject, type KubernetesObject } from "../kubernetesObject";
import type { AwaitRequest } from "./awaitRequest";
import { objectsAt } from "./objectFields";
import type { Surroundings } from "./readiness";

/** Looks at the cluster around an object, anew each time it is asked. */
export class LiveSurroundings implements Surroundings {
  private settling: { value: string; since: number } | undefined;

  /** @param reading in a refresh nothing is waited for: everything counts as settled. */
  constructor(
    private readonly request: Pick<AwaitRequest, "client" | "object" | "signal">,
    private readonly reading: boolean,
  ) {}

  async list(apiVersion: string, kind: string, labelSelector?: string): Promise<readonly KubernetesObject[]> {
    const { client, object, signal } = this.request;
    const found = await unlessRefused(async () => {
      const path = await client.resourcePath(apiVersion, kind, object.metadata.namespace);
      return client.request("GET", path, { query: { labelSelector }, signal });
    });
    return objectsAt(found ?? {}, "items").map((item) => asKubernetesObject({ apiVersion, kind, ...item }));
  }

  async get(apiVersion: string, kind: string, name: string): Promise<KubernetesObject | undefined> {
    const { client, signal } = this.request;
    const found = await unlessRefused(async () =>
      client.request("GET", await client.resourcePath(apiVersion, kind, undefined, name), { signal }),
    );
    return found === undefined ? undefined : asKubernetesObject(found);
  }

  hasSettled(value: string, milliseconds: number): boolean {
    if (this.settling?.value !== value) this.settling = { value, since: Date.now() };
    return this.reading || Date.now() - this.settling.since >= milliseconds;
  }
}

async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError || error instanceof NoMatch) return undefined;
    throw error;
  }
}
