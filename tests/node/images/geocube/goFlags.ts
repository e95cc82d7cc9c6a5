/** A command-line flag as Go's `flag` has it. @see https://pkg.go.dev/flag */
export interface Flag<T> {
  readonly fallback: T;
  /** Undefined for a text that is none of its values. */
  readonly read: (text: string) => T | undefined;
  /** Whether the name alone is a value. */
  readonly alone?: true;
}

type Values<Flags> = { readonly [Name in keyof Flags]: Flags[Name] extends Flag<infer T> ? T : never };

export const string = (fallback = ""): Flag<string> => ({ fallback, read: (text) => text });

const booleans: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false] as const),
]);

export const bool = (fallback: boolean): Flag<boolean> => ({ fallback, read: (text) => booleans[text], alone: true });

/** Decimal alone; Go takes other bases and underscores, too. */
export const int = (fallback: number): Flag<number> => ({
  fallback,
  read: (text) => (/^[-+]?\d+$/.test(text) ? Number(text) : undefined),
});

export const uint = (fallback: number): Flag<number> => ({ fallback, read: (text) => (/^\d+$/.test(text) ? Number(text) : undefined) });

export const float = (fallback: number): Flag<number> => ({
  fallback,
  read: (text) => (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined),
});

const unitMillis: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 };

/** In milliseconds. */
export const duration = (fallback: number): Flag<number> => ({
  fallback,
  read: (text) => {
    if (text === "0") return 0;
    if (!/^[-+]?((\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
    const parts = [...text.matchAll(/([\d.]+)([a-zµ]+)/g)].map(([, number, unit = ""]) => Number(number) * (unitMillis[unit] ?? 0));
    return parts.reduce((sum, each) => sum + each, 0) * (text.startsWith("-") ? -1 : 1);
  },
});

/** @throws Error as Go words it */
export function parseFlags<Flags extends Readonly<Record<string, Flag<unknown>>>>(flags: Flags, args: readonly string[]): Values<Flags> {
  const values: Record<string, unknown> = Object.fromEntries(Object.entries(flags).map(([name, { fallback }]) => [name, fallback]));
  const rest = [...args];
  for (let argument = rest.shift(); argument?.startsWith("-") === true && !["-", "--"].includes(argument); argument = rest.shift()) {
    const [, name, given] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
    if (name === undefined) throw new Error(`bad flag syntax: ${argument}`);
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) throw new Error(`flag provided but not defined: -${name}`);
    const text = given ?? (flag.alone === true ? "true" : rest.shift());
    if (text === undefined) throw new Error(`flag needs an argument: -${name}`);
    const value = flag.read(text);
    if (value === undefined) throw new Error(`invalid value ${JSON.stringify(text)} for flag -${name}: parse error`);
    values[name] = value;
  }
  return values as Values<Flags>;
}
