/** By case, where the stand-in does not behave as recorded, and why that is accepted. A line that no longer differs fails the test, too. */
export const expectedDifferences: Readonly<Record<string, readonly string[]>> = {};
