/** The chart, and with it the operator, that is installed where the stack names no other: 0.4.1 names images of drivers that do not exist. */
export const DATASHIM_VERSION = "0.4.0";

/** The first release of the API group that is made here. */
export const OLDEST_DATASHIM_VERSION = "0.4.0";

/** The group of Datasets since 0.4.0. */
export const DATASETS_API_GROUP = "datashim.io";

/** The group of Datasets up to 0.3.2. */
const EARLIER_API_GROUP = "com.ie.ibm.hpsys";

/**
 * The API group that a Role for Datasets names.
 * @param version Datashim's, as its releases are named: `0.4.0`. @default the version that is installed here
 * @see https://github.com/datashim-io/datashim#readme
 */
export function datasetsApiGroup(version: string = DATASHIM_VERSION): string {
  return isBefore(version, OLDEST_DATASHIM_VERSION) ? EARLIER_API_GROUP : DATASETS_API_GROUP;
}

/** Whether one release is older than another; a pre-release counts as its release. */
export function isBefore(version: string, other: string): boolean {
  const [ours, theirs] = [parts(version), parts(other)];
  const at = theirs.findIndex((part, index) => part !== ours[index]);
  return at >= 0 && (ours[at] ?? 0) < (theirs[at] ?? 0);
}

function parts(version: string): readonly number[] {
  const [, ...numbers] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return numbers.map(Number);
}
