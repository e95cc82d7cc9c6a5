import type { StateResource } from "../deployment";

/** Who depends on whom, by a stack's state. */
export class DependencyGraph {
  private readonly dependants = new Map<string, Set<string>>();

  constructor(resources: readonly StateResource[]) {
    for (const { urn, dependencies = [], propertyDependencies = {} } of resources) {
      for (const used of [...dependencies, ...Object.values(propertyDependencies).flatMap((urns) => urns ?? [])]) {
        this.dependants.set(used, (this.dependants.get(used) ?? new Set()).add(urn));
      }
    }
  }

  /** The resources that name this one as a dependency. */
  direct(urn: string): readonly string[] {
    return [...(this.dependants.get(urn) ?? [])];
  }

  /** Every resource that depends on one of `roots` at any distance, the nearest first, each with whom it was reached from. */
  reachable(roots: readonly string[]): readonly { readonly from: string; readonly to: string }[] {
    const seen = new Set(roots);
    const edges: { from: string; to: string }[] = [];
    let frontier: readonly string[] = roots;
    while (frontier.length > 0) {
      const next: string[] = [];
      for (const from of frontier) {
        for (const to of this.direct(from).filter((urn) => !seen.has(urn))) {
          seen.add(to);
          next.push(to);
          edges.push({ from, to });
        }
      }
      frontier = next;
    }
    return edges;
  }
}
