/** A part of the comment whose items may be left out from the end, never cut. */
export interface Section {
  /** Which sections have room first: the lowest. */
  readonly rank: number;
  /** Everything before the items, e.g. a heading and a table's head. */
  readonly open: string;
  /** Each whole in itself, with its line break. */
  readonly items: readonly string[];
  /** Items that are never shown, and only counted. @default 0 */
  readonly omitted?: number;
  /** What says how many items are left out, with its line break. */
  more(left: number): string;
  /** Everything after the items, e.g. the end of a fence. */
  readonly close: string;
  /** Part of the room, 0 to 1, that this section may use for items before the sections after it by rank have had theirs. */
  readonly share: number;
}

/** What every section that fits may use for items, however little there is. Characters. */
const leastRoom = 1_000;

/** A section with the first `shown` of its items. */
class Plan {
  shown = 0;

  constructor(readonly section: Section) {}

  length(shown = this.shown): number {
    const { open, items, close } = this.section;
    return items.slice(0, shown).reduce((sum, item) => sum + item.length, open.length + close.length + this.more(shown).length);
  }

  /** Shows as many more items as fit into `room` more characters; how many characters that takes. */
  fill(room: number): number {
    const { items } = this.section;
    const before = this.length();
    let frame = before - this.more(this.shown).length;
    for (let shown = this.shown + 1; shown <= items.length; shown++) {
      frame += items[shown - 1]?.length ?? 0;
      if (frame > before + room) break;
      if (frame + this.more(shown).length <= before + room) this.shown = shown;
    }
    return this.length() - before;
  }

  text(): string {
    const { open, items, close } = this.section;
    return [open, ...items.slice(0, this.shown), this.more(this.shown), close].join("");
  }

  private more(shown: number): string {
    const left = (this.section.omitted ?? 0) + this.section.items.length - shown;
    return left === 0 ? "" : this.section.more(left);
  }
}

/**
 * Which sections there is room for, and how many items of each, before anything is put together. By their rank, each gets its frame with
 * its count and its share of the room in items; what is left then goes to them in the same order.
 * @param budget characters
 * @returns the text of the sections that fit, in the given order
 */
export function planned(sections: readonly Section[], budget: number): readonly string[] {
  const plans = sections.map((section) => new Plan(section));
  const fitting: Plan[] = [];
  let room = budget;
  for (const plan of [...plans].sort((one, other) => one.section.rank - other.section.rank)) {
    if (plan.length() > room) continue;
    fitting.push(plan);
    room -= plan.length();
    room -= plan.fill(Math.min(room, Math.max(leastRoom, Math.floor(room * plan.section.share))));
  }
  for (const plan of fitting) room -= plan.fill(room);
  return plans.filter((plan) => fitting.includes(plan)).map((plan) => plan.text());
}
