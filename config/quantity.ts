import { z } from "zod";
import type { Flaw } from "./fields";

const TEXT = /^(\d+(?:\.\d*)?|\.\d+)(m|k|[MGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;

const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * An amount of a resource, as text or as a number.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export const quantity = z.coerce
  .string()
  .superRefine((text, context) => {
    const flaw = quantityFlaw(text);
    if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw.allowed, params: { wayOut: flaw.wayOut } });
  })
  .meta({ type: ["string", "number"] });

/** How much a text that {@link quantity} accepts is; near enough to compare two. */
export function amountOf(text: string): number {
  const [, digits = "", suffix = ""] = TEXT.exec(text) ?? [];
  return Number(digits) * (SUFFIXES[suffix] ?? (suffix === "" ? 1 : Number(`1${suffix}`)));
}

function quantityFlaw(text: string): Flaw | undefined {
  if (TEXT.test(text)) return undefined;
  const near = /^(\d+(?:\.\d+)?)\s*([kmgtpe])(?:i?b)$/i.exec(text);
  const wayOut = near === null ? "write it like 500m, 4 or 16Gi" : `write "${near[1] ?? ""}${(near[2] ?? "").toUpperCase()}i", for example`;
  return { allowed: "a quantity, not negative: a number, with m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi or Ei behind it", wayOut };
}
