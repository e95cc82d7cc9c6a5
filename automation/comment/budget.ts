/** A part of the comment whose items may be left out from the end, never cut. */
export interface Section {
  /** Everything before the items, e.g. a heading and a table's head. */
  readonly open: string;
  /** Each whole in itself, with its line break. */
  readonly items: readonly string[];
  /** What says how many items are left out, with its line break. */
  more(left: number): string;
  /** Everything after the items, e.g. the end of a fence. */
  readonly close: string;
  /** Share of the room that is left for items which this section may use before the others have had theirs. */
  readonly share: number;
}

interface Plan {
  readonly section: Section;
  shown: number;
}

/** Room for the count of what is left out: the number never has more digits than the number of items. */
function moreLength({ section, shown }: Plan): number {
  const left = section.items.length - shown;
  return left === 0 ? 0 : section.more(left).length;
}

function frameLength({ open, close }: Section): number {
  return open.length + close.length;
}

function length(plan: Plan): number {
  const items = plan.section.items.slice(0, plan.shown).reduce((sum, item) => sum + item.length, 0);
  return frameLength(plan.section) + items + moreLength(plan);
}

/**
 * Which sections there is room for, and how many items of each, before anything is put together. Sections come the most important
 * first: each gets its frame and its count, then its share of the rest in items, then what is still left.
 * @returns the text of the sections that fit, in the given order
 */
export function planned(sections: readonly Section[], budget: number): readonly string[] {
  const plans: Plan[] = [];
  let room = budget;
  for (const section of sections) {
    const plan = { section, shown: 0 };
    if (length(plan) > room) continue;
    room -= length(plan);
    plans.push(plan);
  }
  const itemRoom = room;
  for (const plan of plans) room -= fill(plan, Math.min(room, Math.floor(itemRoom * plan.section.share)));
  for (const plan of plans) room -= fill(plan, room);
  return plans.map(text);
}

/** Shows more items while they fit; how many characters that took. */
function fill(plan: Plan, room: number): number {
  const { items } = plan.section;
  const withoutMore = length(plan) - moreLength(plan);
  let [used, shown] = [withoutMore, plan.shown];
  const limit = length(plan) + room;
  let best = { shown: plan.shown, length: length(plan) };
  while (shown < items.length) {
    used += items[shown]?.length ?? 0;
    shown++;
    if (used > limit) break;
    const whole = used + moreLength({ section: plan.section, shown });
    if (whole <= limit) best = { shown, length: whole };
  }
  const taken = best.length - length(plan);
  plan.shown = best.shown;
  return taken;
}

function text({ section, shown }: Plan): string {
  const left = section.items.length - shown;
  return [section.open, ...section.items.slice(0, shown), left === 0 ? "" : section.more(left), section.close].join("");
}
