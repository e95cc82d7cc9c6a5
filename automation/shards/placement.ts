/** Which shard has each tenant, by the tenant's name. Shards are numbered from 1. */
export type Placement = ReadonlyMap<string, number>;

/** A tenant as far as placing it goes. */
export interface SizedTenant {
  readonly name: string;
  /** How many resources it adds to a stack. */
  readonly objects: number;
}

/** One stack of tenants. */
export interface Shard {
  readonly number: number;
  /** Who is in it after this run, by name. */
  readonly tenants: readonly string[];
  /** Who of these is new. */
  readonly arriving: readonly string[];
  /** Who has a place in it and is no tenant any more: their objects go in this run, their place after it. */
  readonly leaving: readonly string[];
  /** Resources of the tenants after this run. */
  readonly objects: number;
}

/** What a shard may hold. */
export interface ShardLimit {
  /** Resources of one shard's stack, at most. */
  readonly objects: number;
  /** Resources that a shard has besides its tenants'. */
  readonly own: number;
}

interface Slot extends Shard {
  readonly tenants: string[];
  readonly arriving: string[];
  readonly leaving: string[];
  objects: number;
}

/**
 * Gives every tenant a shard. Who has one keeps it, whatever the shard has grown to, because a move would delete the tenant's
 * namespaces. Newcomers, by name, go each to the first shard that has room; one that someone is leaving takes nobody,
 * because how much is still in it shows only when the run is over.
 *
 * A tenant too large for the limit gets a shard alone.
 */
export function place(before: Placement, tenants: readonly SizedTenant[], limit: ShardLimit): readonly Shard[] {
  const slots = new Map<number, Slot>();
  const byName = tenants.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const present = new Set(tenants.map(({ name }) => name));
  for (const tenant of byName) {
    const number = before.get(tenant.name);
    if (number !== undefined) enter(slotOf(slots, number), tenant);
  }
  for (const [name, number] of before) if (!present.has(name)) slotOf(slots, number).leaving.push(name);
  for (const tenant of byName.filter(({ name }) => !before.has(name))) {
    const slot = firstFit(slots, tenant, limit);
    slot.arriving.push(tenant.name);
    enter(slot, tenant);
  }
  return [...slots.values()].sort((a, b) => a.number - b.number);
}

/** The places of everybody who is in a shard, and of those whose objects are still to go from the shards of `unfinished`. */
export function placementOf(shards: readonly Shard[], unfinished: (shard: Shard) => boolean): Placement {
  const names = (shard: Shard): readonly string[] => [...shard.tenants, ...(unfinished(shard) ? shard.leaving : [])];
  return new Map(shards.flatMap((shard) => names(shard).map((name) => [name, shard.number] as const)));
}

function slotOf(slots: Map<number, Slot>, number: number): Slot {
  const slot = slots.get(number) ?? { number, tenants: [], arriving: [], leaving: [], objects: 0 };
  slots.set(number, slot);
  return slot;
}

function enter(slot: Slot, { name, objects }: SizedTenant): void {
  slot.tenants.push(name);
  slot.objects += objects;
}

function firstFit(slots: Map<number, Slot>, { objects }: SizedTenant, limit: ShardLimit): Slot {
  const room = (slot: Slot): boolean => slot.leaving.length === 0 && slot.objects + objects + limit.own <= limit.objects;
  for (let number = 1; ; number++) {
    const slot = slots.get(number);
    if (slot === undefined) return slotOf(slots, number);
    if (room(slot)) return slot;
  }
}
