import * as net from "node:net";
import { type Flaw, isHostName, textWith } from "./fields";

const ALLOWED =
  "an IPv4 address, or a DNS name in lower case (RFC 1123), alone: InterLink's virtual node gives it to pods inside tcp://ADDRESS:PORT, without brackets";

/** What HPC nodes connect to: an IPv4 address or a DNS name. */
export const interlinkAddress = textWith(
  (text) => (isAddress(text) ? undefined : { allowed: ALLOWED, wayOut: wayOut(text) }) satisfies Flaw | undefined,
).meta({ examples: ["192.0.2.11", "kubernetes-api.example.org"] });

function isAddress(text: string): boolean {
  return net.isIPv4(text) || isHostName(text);
}

function wayOut(text: string): string {
  const { host, port } = hostAndPort(text);
  if (net.isIPv6(host)) {
    return "write a DNS name that leads to it; the IPv6 address belongs into alternativeNames.ipAddresses";
  }
  if (host.startsWith("*.")) return "write the name of one host; the wildcard belongs into alternativeNames.dnsNames";
  if (isAddress(host)) return `write ${JSON.stringify(host)}${port ? "; the port is exposure.port" : ""}`;
  return /^[\d.]+$/.test(host)
    ? "write an IPv4 address as four numbers from 0 to 255, without leading zeros"
    : "write it like the examples 192.0.2.11 or kubernetes-api.example.org";
}

/** What is left of a URL, or of a host with a port, without all that is not the host. */
function hostAndPort(text: string): { host: string; port: boolean } {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z][-+.a-z0-9]*:\/\//, "")
    .replace(/[/?#].*$/, "");
  const authority = net.isIPv6(bare) ? `[${bare}]` : bare;
  const [, bracketed, plain = "", port] = /^(?:\[(.*)\]|([^:]*))(:\d*)?$/.exec(authority) ?? [];
  return { host: (bracketed ?? plain).replace(/\.$/, ""), port: port !== undefined };
}
