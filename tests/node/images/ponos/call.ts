import * as https from "node:https";

/** One call over HTTPS, of a connection of its own. */
export interface Call {
  readonly url: string;
  /** @default GET */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, and text as it is. */
  readonly body?: unknown;
  /** PEM of the only roots that are trusted. @default those that Node ships */
  readonly ca?: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const patienceMillis = 10_000;

/** Calls once. @throws Error where the server is not reached or not trusted */
export function call({ url, method = "GET", headers = {}, body, ca }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers, ca, agent: false, timeout: patienceMillis }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
    });
    request.on("timeout", () => request.destroy(new Error(`no answer from ${url}`))).on("error", reject);
    request.end(body === undefined || typeof body === "string" ? body : JSON.stringify(body));
  });
}

/** The answer's text. @throws Error for any but a 2xx */
export async function successful(made: Call): Promise<string> {
  const { status, text } = await call(made);
  if (status < 200 || status > 299) throw new Error(`${made.method ?? "GET"} ${made.url}: ${status} ${text}`);
  return text;
}
