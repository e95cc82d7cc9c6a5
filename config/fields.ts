import * as net from "node:net";
import { z } from "zod";
import { durationHours, LONGEST_TEXT, parseDuration } from "./duration";

/** What is wrong with one text: what may stand there, and the way out. */
export interface Flaw {
  readonly allowed: string;
  readonly wayOut: string;
  /** What is shown in the text's place, where a part of it may be a secret. @default the text */
  readonly found?: string;
}

/** A text that passes `test`; the flaw it returns is what the user reads. */
export function textWith(test: (text: string) => Flaw | undefined): z.ZodString {
  return z.string().superRefine((text, context) => {
    const flaw = test(text);
    if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw.allowed, params: { wayOut: flaw.wayOut, found: flaw.found } });
  });
}

/** A DNS label, without the limit of its length. */
export const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A DNS label as Kubernetes wants it for a name; @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export function dnsLabel(longest = 63, why = "RFC 1123"): z.ZodString {
  const allowed = `a DNS label: lower-case letters, digits and "-", at most ${longest} characters (${why})`;
  return textWith((text) => {
    if (LABEL.test(text) && text.length <= longest) return undefined;
    const letters = text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    const near = letters.slice(0, longest).replace(/^-+|-+$/g, "");
    return { allowed, wayOut: near === "" ? "choose another name" : `write ${JSON.stringify(near)}, for example` };
  }).meta({ pattern: LABEL.source, maxLength: longest });
}

/** A TCP port; the range is the rule of `why`. */
export function port(lowest = 1, highest = 65_535, why = "a TCP port"): z.ZodInt {
  return z.int().min(lowest).max(highest).meta({ rule: why });
}

/** A port of every node; @see https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport */
export function nodePort(): z.ZodInt {
  return port(30_000, 32_767, "Kubernetes' default service-node-port-range").meta({
    wayOut: "write 30443, for example; a port outside the range needs another exposure (loadBalancer, hostPort)",
  });
}

/** A duration that cert-manager reads, not shorter than `shortest`. */
export function duration(shortest: string, why: string): z.ZodString {
  const allowed = `a Go duration (h, m, s, ms, us, ns) from ${shortest}, ${why}, to ${LONGEST_TEXT}, the most that Go can count`;
  return textWith((text) => {
    const parsed = parseDuration(text);
    if ("flaw" in parsed) return { allowed: `${allowed}; ${parsed.flaw.reason}`, wayOut: parsed.flaw.wayOut };
    return durationHours(text) < durationHours(shortest) ? { allowed, wayOut: `write at least ${shortest}` } : undefined;
  }).meta({ examples: ["2160h", "87600h"] });
}

/** An IPv4 or IPv6 address. */
export const ipAddress = textWith((text) =>
  net.isIP(text) !== 0
    ? undefined
    : { allowed: "an IPv4 or IPv6 address", wayOut: "write the address alone, without brackets, port or mask" },
);

/** A block of addresses. */
export const cidr = textWith(cidrFlaw);

/** Why a text is not a CIDR block. */
export function cidrFlaw(text: string): Flaw | undefined {
  const [address = "", bits = "", ...rest] = text.split("/");
  const version = net.isIP(address);
  const fits = rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
  if (version !== 0 && fits) return undefined;
  const wayOut =
    version !== 0 && bits === "" ? `for this one address write "${text}/${version === 4 ? 32 : 128}"` : 'write it like "192.0.2.0/24"';
  return { allowed: "a CIDR block: address, slash, length of the prefix", wayOut };
}

/** A name for a certificate: a DNS name, of which the first label may be `*`. */
export const dnsName = textWith((text) => {
  if (net.isIP(text) !== 0) return { allowed: "a DNS name; this is an IP address", wayOut: "move it to ipAddresses" };
  if (text.length <= 253 && isHostName(text.replace(/^\*\./, ""))) return undefined;
  return {
    allowed: "a DNS name in lower case, at most 253 characters (RFC 1123)",
    wayOut: "write the host name alone, without scheme or port",
  };
});

/** Whether a text is a DNS name in lower case, without wildcard; a last label of digits alone makes it an IPv4 address gone wrong. */
export function isHostName(text: string): boolean {
  const labels = text.split(".");
  return text.length <= 253 && labels.every((label) => LABEL.test(label) && label.length <= 63) && !/^\d+$/.test(labels.at(-1) ?? "");
}
