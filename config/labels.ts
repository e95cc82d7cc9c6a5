import { z } from "zod";
import { type Flaw, isHostName } from "./fields";

const NAME = /^[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/;
const LONGEST = 63;
const RULE = "letters, digits, -, _ and ., at most 63, with a letter or digit at both ends";

/** Labels that the API server takes. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
export const objectLabels = z.record(z.string(), z.string()).superRefine((labels, context) => {
  for (const [key, value] of Object.entries(labels)) {
    const flaw = labelKeyFlaw(key) ?? labelValueFlaw(value);
    if (flaw !== undefined) context.addIssue({ code: "custom", path: [key], message: flaw.allowed, params: { wayOut: flaw.wayOut } });
  }
});

/** Why a text is not the key of a label: a name, which a DNS name and a slash may stand before. */
export function labelKeyFlaw(key: string): Flaw | undefined {
  const [name = "", prefix, ...rest] = key.split("/").reverse();
  const named = NAME.test(name) && name.length <= LONGEST;
  if (named && rest.length === 0 && (prefix === undefined || isHostName(prefix))) return undefined;
  return {
    allowed: `a label's key: ${RULE}; a DNS name and a slash may stand before it`,
    wayOut: 'write it like "example.org/accelerator"',
  };
}

/** Why a text is not the value of a label. */
export function labelValueFlaw(value: string): Flaw | undefined {
  if (value === "" || (NAME.test(value) && value.length <= LONGEST)) return undefined;
  return { allowed: `a label's value: nothing, or ${RULE}`, wayOut: 'write it like "gpu" or "a100-80gb"' };
}
