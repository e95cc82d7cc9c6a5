import type { Origin, Tool, Tools } from "./tool";
import type { ToolSpec } from "./toolSpec";

/** What became of the tools that were asked for: found ones, and for the others why each origin did not have them. */
export class ToolSearch {
  private readonly found = new Map<string, Tool>();
  private readonly refused = new Map<string, Map<Origin, string>>();

  constructor(readonly specs: readonly ToolSpec[]) {}

  get missing(): ToolSpec[] {
    return this.specs.filter(({ name }) => !this.found.has(name));
  }

  /** The tools that were found, and only those. */
  get tools(): Tools<string> {
    return Object.fromEntries(this.found);
  }

  /** In the order in which the origins were tried. */
  reasons(name: string): readonly (readonly [Origin, string])[] {
    return [...(this.refused.get(name) ?? [])];
  }

  /** Tries one origin; an error of it is that origin's reason, and the next one is tried. Returns the reason, or undefined where it was found. */
  async attempt(specs: readonly ToolSpec[], origin: Origin, obtain: () => Promise<readonly Tool[]>): Promise<string | undefined> {
    try {
      for (const tool of await obtain()) this.found.set(tool.name, tool);
      return undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      for (const { name } of specs) this.refuse(name, origin, reason);
      return reason;
    }
  }

  private refuse(name: string, origin: Origin, reason: string): void {
    const reasons = this.refused.get(name) ?? new Map<Origin, string>();
    this.refused.set(name, reasons.set(origin, reason));
  }
}
