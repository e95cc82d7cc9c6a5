/**
 * Amounts of resources as the API server writes them: `1000m` is `1`, `1024Mi` is `1Gi`, `20` is `"20"`.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const NANO = 1_000_000_000n;

/** The canonical text of a quantity; anything else comes back as it is. */
export function canonicalQuantity(value: string | number): string | number {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/.exec(String(value).trim());
  const [, sign = "", whole = "", fraction = "", suffix = ""] = match ?? [];
  if (match === null || whole + fraction === "") return value;
  const nanos = inNanos(whole, fraction, suffix);
  const text = binarySuffixes.indexOf(suffix) > 0 && nanos >= 1024n * NANO ? binaryText(nanos) : decimalText(nanos);
  return (sign === "-" && nanos > 0n ? "-" : "") + text;
}

/** Billionths, rounded up. */
function inNanos(whole: string, fraction: string, suffix: string): bigint {
  const binary = binarySuffixes.indexOf(suffix);
  const factor = binary > 0 ? 1024n ** BigInt(binary) : 1n;
  const exponent = binary > 0 ? 9 : 9 + decimalExponent(suffix);
  const digits = BigInt(whole + fraction) * factor;
  const shift = exponent - fraction.length;
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (digits + divisor - 1n) / divisor;
}

function decimalExponent(suffix: string): number {
  return /^[eE][+-]?\d/.test(suffix) ? Number(suffix.slice(1)) : (decimalSuffixes.indexOf(suffix) - 3) * 3;
}

function decimalText(nanos: bigint): string {
  if (nanos === 0n) return "0";
  const [amount, steps] = divide(nanos, 1000n, decimalSuffixes.length - 1);
  return `${amount.toString()}${decimalSuffixes[steps] ?? ""}`;
}

function binaryText(nanos: bigint): string {
  const [amount, steps] = divide((nanos + NANO - 1n) / NANO, 1024n, binarySuffixes.length - 1);
  return `${amount.toString()}${binarySuffixes[steps] ?? ""}`;
}

function divide(amount: bigint, by: bigint, most: number): readonly [bigint, number] {
  let [rest, steps] = [amount, 0];
  while (steps < most && rest % by === 0n) [rest, steps] = [rest / by, steps + 1];
  return [rest, steps];
}
