/** What @pulumi/policy throws where a value is read that only the update will know; it declares no type of it. */
interface UnknownValueError extends Error {
  readonly unknownTypeSentinel: string;
  /** The path, from the resource's properties on. */
  readonly props: readonly PropertyKey[];
}

function isUnknownValueError(error: unknown): error is UnknownValueError {
  return error instanceof Error && "unknownTypeSentinel" in error;
}

/** Stands for a value that only the update will know. */
const unknown = Symbol("unknown");

/**
 * A view of a resource's properties in which a value that is unknown during a preview ends nothing: where it is read, its path is
 * noted, and the rule goes on to what it can judge.
 */
export class Reading {
  private constructor(
    private readonly load: () => unknown,
    /** `spec.containers.0.image` */
    readonly path: string,
    private readonly missed: Set<string>,
  ) {}

  /** The whole of a resource's properties, as the SDK wraps them or as they are. */
  static of(properties: unknown): Reading {
    return new Reading(() => properties, "", new Set());
  }

  /** Paths that were asked for and are unknown. */
  get undetermined(): readonly string[] {
    return [...this.missed];
  }

  /** What lies at the keys below; absent where one of them is. */
  at(...keys: readonly (string | number)[]): Reading {
    return keys.reduce<Reading>((reading, key) => reading.step(key), this);
  }

  private step(key: string | number): Reading {
    const load = (): unknown => {
      const holder = this.load();
      return holder !== null && typeof holder === "object" ? (holder as Record<string, unknown>)[key] : undefined;
    };
    return new Reading(load, this.path === "" ? String(key) : `${this.path}.${key}`, this.missed);
  }

  private read(): unknown {
    try {
      return this.load() ?? undefined;
    } catch (error) {
      if (!isUnknownValueError(error)) throw error;
      this.missed.add(error.props.map(String).join("."));
      return unknown;
    }
  }

  /** Whether only the update will know it. */
  isUnknown(): boolean {
    return this.read() === unknown;
  }

  /** Whether something is known to be there; what is unknown may turn out to be nothing. */
  isPresent(): boolean {
    const value = this.read();
    return value !== undefined && value !== unknown;
  }

  /** Whether it is known that nothing is there. */
  isAbsent(): boolean {
    return this.read() === undefined;
  }

  /** The text; undefined where there is none, or none that is known. */
  text(): string | undefined {
    const value = this.read();
    return typeof value === "string" ? value : undefined;
  }

  flag(): boolean | undefined {
    const value = this.read();
    return typeof value === "boolean" ? value : undefined;
  }

  /** The number, also where it is written as text. */
  number(): number | undefined {
    const value = this.read();
    if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
    return typeof value === "number" ? value : undefined;
  }

  /** Whether it is known and is not this; absent differs from everything. */
  differsFrom(expected: string | number | boolean): boolean {
    const value = this.read();
    return value !== unknown && value !== expected;
  }

  /** This where something stands here, the other where nothing does: a container's setting before its pod's. */
  or(other: Reading): Reading {
    return this.isAbsent() ? other : this;
  }

  /** A list's elements; none where there is no list, or none that is known. */
  items(): readonly Reading[] {
    const value = this.read();
    return Array.isArray(value) ? Array.from({ length: value.length }, (_, index) => this.step(index)) : [];
  }

  /** The texts of a list that are known. */
  texts(): readonly string[] {
    return this.items().flatMap((item) => item.text() ?? []);
  }

  /** An object's keys; they are known where its values are not. */
  keys(): readonly string[] {
    const value = this.read();
    return value !== null && typeof value === "object" ? Object.keys(value) : [];
  }

  /** An object's values by their keys. */
  entries(): readonly (readonly [string, Reading])[] {
    return this.keys().map((key) => [key, this.step(key)]);
  }

  /** Every text below, wherever it is, and everything that is not known. */
  leaves(): readonly Reading[] {
    const value = this.read();
    if (typeof value === "string" || value === unknown) return [this];
    return this.entries().flatMap(([, reading]) => reading.leaves());
  }
}
