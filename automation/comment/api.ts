import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../exitCode";

/** One request to a site's REST API. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT";
  readonly url: string;
  /** JSON. */
  readonly body?: unknown;
  /** Whether asking twice does no harm. @default true for all but POST */
  readonly repeatable?: boolean;
}

/** What an answer came to. */
export interface ApiAnswer {
  readonly body: unknown;
  readonly headers: Headers;
}

/** A site whose API is called: who asks, and what to do when it refuses. */
export interface Site {
  /** `GitHub`, for messages. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What to do about an answer with this status, in a sentence; undefined where nothing better is known. */
  wayOut(status: number): string | undefined;
}

/** Times, in milliseconds; tests shorten them. */
export interface Patience {
  readonly attempts: number;
  /** Before the second attempt; doubled before each that follows. */
  readonly pause: number;
  /** A longer wait than this that the site asks for is not waited. */
  readonly longest: number;
  readonly timeout: number;
}

export const patience: Patience = { attempts: 4, pause: 1_000, longest: 120_000, timeout: 30_000 };

/** How much of an answer an error quotes. */
const quoted = 300;

interface Refused {
  /** Absent where no answer came. */
  readonly status?: number;
  readonly text: string;
  /** Milliseconds that the site asks to wait. */
  readonly wait?: number;
  readonly mayPass: boolean;
}

/**
 * Makes a request; again, after a pause, where the site is busy, limits the rate or does not answer. A POST is repeated only where the site said that
 * it did not take it.
 * @throws Failure with what the site said and what to do
 */
export async function callApi(
  site: Site,
  request: ApiRequest,
  { attempts, pause, longest, timeout }: Patience = patience,
): Promise<ApiAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await once(site, request, timeout);
    if (!("text" in answer)) return answer;
    const wait = answer.wait ?? pause * 2 ** (attempt - 1);
    if (!answer.mayPass || attempt >= attempts || wait > longest) throw failure(site, request, answer, attempt);
    await sleep(wait);
  }
}

async function once(
  site: Site,
  { method, url, body, repeatable = method !== "POST" }: ApiRequest,
  timeout: number,
): Promise<ApiAnswer | Refused> {
  const headers = { ...site.headers, accept: "application/json", "user-agent": "trustplane", "content-type": "application/json" };
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
    });
    const text = await response.text();
    if (response.ok) return { body: JSON.parse(text) as unknown, headers: response.headers };
    return refused(response, text, repeatable);
  } catch (error) {
    // what a POST did before its connection broke is not known
    return { text: reasonOf(error), mayPass: repeatable };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** GitHub's secondary limit answers 403 with a text, or with the header that says how long to wait. */
function refused({ status, headers }: Response, text: string, repeatable: boolean): Refused {
  const limited =
    status === 429 ||
    (status === 403 && (headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0" || /secondary rate limit/i.test(text)));
  const broken = status >= 500 && repeatable;
  return {
    status,
    text: text.replace(/\s+/g, " ").slice(0, quoted),
    wait: limited ? waitOf(headers) : undefined,
    mayPass: limited || broken || status === 503,
  };
}

/** Milliseconds, from whichever header says it. */
function waitOf(headers: Headers): number | undefined {
  const after = headers.get("retry-after");
  if (after !== null) return /^\d+$/.test(after) ? Number(after) * 1_000 : Math.max(0, Date.parse(after) - Date.now());
  const reset = headers.get("x-ratelimit-reset") ?? headers.get("ratelimit-reset");
  return reset === null ? undefined : Math.max(0, Number(reset) * 1_000 - Date.now());
}

function failure(site: Site, { method, url }: ApiRequest, { status, text, wait }: Refused, attempts: number): Failure {
  const what = status === undefined ? `did not answer (${text})` : `answered ${status}: ${text}`;
  const times = attempts === 1 ? "" : ` after ${attempts} attempts`;
  const limit = wait === undefined ? undefined : `Its rate limit ends in ${Math.ceil(wait / 1_000)} s: run the job again then.`;
  const wayOut =
    limit ??
    (status === undefined ? undefined : site.wayOut(status)) ??
    "Run the job again; if that repeats, look at the site's status page.";
  return new Failure(`${site.name} ${what}${times}, to ${method} ${new URL(url).pathname}. ${wayOut}`);
}
