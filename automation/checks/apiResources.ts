import type { ClusterReader } from "../../preflight/clusterReader";
import type { PlannedObject } from "../doctor/plannedObject";

/** How the API server calls a kind. */
export interface ApiResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

interface Discovered {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

interface CustomResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string }[];
  };
}

/** The kinds that the cluster knows, and those that an update brings along by their CRDs. */
export class ApiResources {
  private readonly discovered = new Map<string, Promise<Discovered | undefined>>();
  private readonly definitions: readonly CustomResourceDefinition["spec"][];

  /** @param planned everything that an update makes */
  constructor(
    private readonly reader: ClusterReader,
    planned: readonly PlannedObject[],
  ) {
    const crds = planned.filter(({ kind }) => kind === "CustomResourceDefinition");
    this.definitions = crds.map(({ object }) => (object as unknown as CustomResourceDefinition).spec);
  }

  /** Whether the API server serves this version now. */
  async serves(apiVersion: string): Promise<boolean> {
    return (await this.discover(apiVersion)) !== undefined;
  }

  /** Whether an update brings this version along. */
  brings(apiVersion: string): boolean {
    return this.definitions.some(({ group, versions }) => versions.some(({ name }) => `${group}/${name}` === apiVersion));
  }

  /** `undefined` for a kind that neither the cluster nor the update knows. */
  async find({ apiVersion, kind }: Pick<PlannedObject, "apiVersion" | "kind">): Promise<ApiResource | undefined> {
    const [group, version] = apiVersion.split("/");
    const live = (await this.discover(apiVersion))?.resources?.find((each) => each.kind === kind && !each.name.includes("/"));
    if (live !== undefined) return { group: version === undefined ? "" : (group ?? ""), plural: live.name, namespaced: live.namespaced };
    const own = this.definitions.find((each) => each.group === group && each.names.kind === kind);
    return own && { group: own.group, plural: own.names.plural, namespaced: own.scope === "Namespaced" };
  }

  private discover(apiVersion: string): Promise<Discovered | undefined> {
    const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const known = this.discovered.get(path) ?? this.reader.find(path).then((answer) => answer as Discovered | undefined);
    this.discovered.set(path, known);
    return known;
  }
}
