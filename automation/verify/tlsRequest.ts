import * as https from "node:https";
import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";

/** How long the other side may be silent. */
const SILENCE = 10_000;

/** Whom to connect to, and what to expect there. */
export interface TlsTarget {
  /** Where the connection goes. */
  readonly host: string;
  readonly port: number;
  /** The name or address that the certificate must be for. @default `host` */
  readonly name?: string;
  /** PEM of the only CAs that are trusted; the public ones where it is empty. */
  readonly ca: string;
  readonly path: string;
  readonly signal: AbortSignal;
}

/**
 * The HTTP status of a GET over TLS that is verified in full.
 * @throws Error of Node with its `code`
 */
export function statusOf({ host, port, name = host, ca, path, signal }: TlsTarget): Promise<number> {
  const trust = ca === "" ? {} : { ca };
  // an address is no name to ask for, but is what the certificate is checked for
  const servername = isIP(name) === 0 ? name : "";
  return new Promise((resolve, reject) => {
    const options = { host, port, path, signal, servername, headers: { host: name }, agent: false as const, timeout: SILENCE, ...trust };
    const request = https.get(
      { ...options, checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate) },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on("timeout", () => request.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })));
    request.on("error", reject);
  });
}

/** A connection's failure in words, and what to do about it. */
export interface TlsFault {
  readonly text: string;
  readonly wayOut: string;
}

const faults: readonly { readonly codes: readonly string[]; readonly text: string; readonly wayOut: string }[] = [
  {
    codes: ["ECONNREFUSED", "ECONNRESET", "EPIPE"],
    text: "nothing answers there",
    wayOut: "see whether its pods run and its Service has endpoints",
  },
  {
    codes: ["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ABORT_ERR"],
    text: "there is no way there from this machine",
    wayOut: "open the firewalls between, or run this from where its clients are",
  },
  { codes: ["ENOTFOUND", "EAI_AGAIN"], text: "the name is unknown here", wayOut: "add it to the DNS that this machine asks" },
  {
    codes: ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"],
    text: "its certificate is out of its time",
    wayOut: "kubectl get certificates --all-namespaces shows which is not renewed; cmctl renew renews it",
  },
  {
    codes: ["ERR_TLS_CERT_ALTNAME_INVALID"],
    text: "its certificate is for another name",
    wayOut: "correct the names of the certificate in the stack's file, then npm run up",
  },
  {
    codes: [
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "CERT_SIGNATURE_FAILURE",
    ],
    text: "its certificate is not signed by the CA that it is verified with",
    wayOut: "see who answers there; where it is the right server, npm run up gives it a leaf of the current CA",
  },
];

/** Explains an error of {@link statusOf}. */
export function tlsFault(error: unknown): TlsFault {
  const { code = "", message } = error as { readonly code?: string; readonly message: string };
  const known = faults.find(({ codes }) => codes.includes(code));
  return known === undefined
    ? { text: message, wayOut: "read the server's log" }
    : { text: `${known.text} (${code})`, wayOut: known.wayOut };
}
