import * as net from "node:net";
import { cidrFlaw, type Flaw, textWith } from "./fields";

/** Addresses as MetalLB writes them: a CIDR block, or `first-last`. @see https://metallb.io/configuration/ */
export const addressRange = textWith((text) => (text.includes("-") ? rangeFlaw(text) : blockFlaw(text))).meta({
  examples: ["192.0.2.11/32", "192.0.2.10-192.0.2.19"],
});

/** Whether a text that {@link addressRange} accepts holds an IP address. */
export function rangeHolds(text: string, address: string): boolean {
  const range = rangeOf(text);
  if (range !== undefined) return range.check(address, familyOf(address));
  const [network = "", bits = ""] = text.split("/");
  const block = new net.BlockList();
  block.addSubnet(network, Number(bits), familyOf(network));
  return block.check(address, familyOf(address));
}

function rangeFlaw(text: string): Flaw | undefined {
  if (rangeOf(text) !== undefined) return undefined;
  return {
    allowed: "a range first-last: two addresses of one family, the lower one first",
    wayOut: 'write it like "192.0.2.10-192.0.2.19"',
  };
}

function blockFlaw(text: string): Flaw | undefined {
  const flaw = cidrFlaw(text);
  return flaw && { ...flaw, allowed: `${flaw.allowed}; or a range first-last` };
}

function rangeOf(text: string): net.BlockList | undefined {
  const [first = "", last = "", ...rest] = text.split("-").map((part) => part.trim());
  if (rest.length > 0) return undefined;
  const range = new net.BlockList();
  try {
    range.addRange(first, last, familyOf(first));
    return range;
  } catch {
    return undefined;
  }
}

function familyOf(address: string): net.IPVersion {
  return net.isIPv6(address) ? "ipv6" : "ipv4";
}
