import { pbkdf2Sync } from "node:crypto";

const variable = "TRUSTPLANE_TEST_SLOWNESS";

/** Milliseconds that the work of {@link measure} takes on an idle processor of 2020. */
const referenceMillis = 500;

function measure(): number {
  const begun = performance.now();
  pbkdf2Sync("", "", 1_000_000, 64, "sha512");
  return Math.max(1, (performance.now() - begun) / referenceMillis);
}

// Measured once, by the first process that reads this: those of mocha, and what they start, find it in their environment.
process.env[variable] ??= measure().toFixed(1);

/**
 * Milliseconds after which something counts as hung that takes less than `seconds` where nothing else runs: as many times more as this machine is
 * slower. Nothing that ends well is measured by it, so it may be long.
 */
export function patience(seconds: number): number {
  return Math.ceil(seconds * 1000 * Number(process.env[variable]));
}

/** Of a test or hook. Milliseconds. */
export const testPatience = patience(30 * 60);
