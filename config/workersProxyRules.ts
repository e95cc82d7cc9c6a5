import { API_SERVER, noProxyText } from "../components/platform/proxyEnvironment";
import { foundText } from "./describeIssue";
import type { Contradiction } from "./problem";
import { contradiction } from "./workersContradiction";
import type { ReadableWorkers } from "./workersSchema";

/** What programs of the charm's time read of `no_proxy`. */
const LONGEST = 2022;

/** A proxy that there is not, and exceptions that programs would cut off. */
export function proxyProblems({ proxy }: ReadableWorkers): Contradiction[] {
  if (proxy === undefined) return [];
  const length = noProxyText(proxy, API_SERVER).length;
  return [
    ...(proxy.http === undefined && proxy.https === undefined ? [noProxyAtAll(proxy)] : []),
    ...(length > LONGEST ? [tooLong(length)] : []),
  ];
}

function noProxyAtAll(proxy: object): Contradiction {
  const allowed = "http, https or both: without them there is no proxy";
  return contradiction(["proxy"], [], { found: foundText(proxy), allowed, wayOut: "add one of them, or remove proxy" });
}

function tooLong(length: number): Contradiction {
  return contradiction(["proxy", "noProxy"], ["workers.proxy"], {
    found: `${length} characters, with the cluster's own names and blocks`,
    allowed: `less than ${LONGEST + 1} characters in no_proxy, beyond which programs cut it off`,
    wayOut: 'name a domain instead of its hosts (".example.org"), or a block instead of its addresses',
  });
}
