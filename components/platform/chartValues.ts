/** Values of a Helm chart as its `values.yaml` has them. */
export type ChartValues = Readonly<Record<string, unknown>>;

/**
 * The chart's values with the user's merged last, by Helm's own rule: maps are merged, everything else is replaced
 * (lists too), and `null` takes a key out. A new object: neither argument is changed.
 * @see https://helm.sh/docs/chart_template_guide/values_files/
 */
export function mergeValues(ours: ChartValues, users: ChartValues): ChartValues {
  const merged: Record<string, unknown> = { ...ours };
  for (const [key, value] of Object.entries(users)) {
    const base = merged[key];
    merged[key] = isMap(base) && isMap(value) ? mergeValues(base, value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is ChartValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
