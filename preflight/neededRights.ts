import type { StackConfig } from "../config/readConfig";
import { ClusterReader, type KubernetesObject } from "./clusterReader";
import { readFacts } from "./readFacts";
import { retirementProblems } from "./retirement";

/** What RBAC must allow for one request. */
export interface NeededRight {
  readonly verb: "get" | "list";
  /** Empty for the core group. */
  readonly group: string;
  /** Plural. */
  readonly resource: string;
  /** Absent for all namespaces, and for what is in none. */
  readonly namespace?: string;
  /** Absent where the verb is `list`. */
  readonly name?: string;
}

const PATH = /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+\/(?:namespaces\/(?<namespace>[^/]+)\/)?(?<resource>[^/]+)(?:\/(?<name>[^/]+))?$/;

/** Notes what it is asked, and answers as an API server that has nothing: then the preflight asks everything. */
class NotingReader extends ClusterReader {
  readonly rights: NeededRight[] = [];

  constructor() {
    super("", { signal: new AbortController().signal });
  }

  override find(path: string): Promise<unknown> {
    this.note("get", path);
    return Promise.resolve(undefined);
  }

  override list(path: string): Promise<KubernetesObject[]> {
    this.note("list", path);
    return Promise.resolve([]);
  }

  override listMetadata(path: string): Promise<KubernetesObject[]> {
    return this.list(path);
  }

  private note(verb: NeededRight["verb"], path: string): void {
    const { group = "", resource, namespace, name } = PATH.exec(path)?.groups ?? {};
    if (resource === undefined) throw new Error(`${path} is no path of objects`);
    this.rights.push({ verb, group, resource, namespace, name });
  }
}

/** Every right that the preflight of a stack may need, a retirement of the CA included; asks no cluster. */
export async function neededRights(config: StackConfig): Promise<readonly NeededRight[]> {
  const reader = new NotingReader();
  await readFacts(reader, config, "");
  const source = config.platform.type === "own" ? config.platform.certificateAuthority.source : undefined;
  if (source?.type === "generated") {
    await retirementProblems({ reader, identifier: config.cluster.identifier, source, retiring: [source.generation] });
  }
  return reader.rights;
}
