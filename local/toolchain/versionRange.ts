/** Versions from `least` (inclusive) up to `below` (exclusive; no upper end without it). */
export interface VersionRange {
  readonly least: string;
  readonly below?: string;
}

/** The first dotted number of a program's version output, without a leading `v`; undefined where there is none. */
export function findVersion(output: string): string | undefined {
  return /\d+\.\d+(?:\.\d+)?/.exec(output)?.[0];
}

/** Whether a dotted version lies in the range; what follows the third number is ignored. */
export function isInRange(version: string, { least, below }: VersionRange): boolean {
  return compareVersions(version, least) >= 0 && (below === undefined || compareVersions(version, below) < 0);
}

export function describeRange({ least, below }: VersionRange): string {
  return below === undefined ? `${least} or newer` : `${least} or newer, but older than ${below}`;
}

/** Negative, zero or positive, as for Array.prototype.sort; missing numbers count as 0. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [numbersOf(left), numbersOf(right)];
  const differing = [0, 1, 2].find((index) => a[index] !== b[index]);
  return differing === undefined ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
}

function numbersOf(version: string): number[] {
  const parts = version.split(/[.+-]/).map(Number);
  return [0, 1, 2].map((index) => parts[index] ?? 0);
}
