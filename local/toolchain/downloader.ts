import * as crypto from "node:crypto";
import * as fs from "node:fs";
import type * as http from "node:http";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";

import { openAnswer, type DownloadLimits } from "./httpAnswer";

const defaultLimits: DownloadLimits = { connect: 3_000, answer: 5_000, stall: 15_000 };
const mostRedirects = 5;

/** Downloads over HTTP. A host that did not answer once is not asked again, so that a dead network costs seconds once. */
export class Downloader {
  private readonly silentHosts = new Map<string, string>();

  constructor(private readonly limits: DownloadLimits = defaultLimits) {}

  /** Why the host of this address is not asked any more, or undefined. */
  refusal(url: string): string | undefined {
    return this.silentHosts.get(new URL(url).host);
  }

  /** Asks all hosts of these addresses at once whether they answer at all, and remembers those that do not. */
  async probe(urls: readonly string[]): Promise<void> {
    const origins = new Set(urls.filter((url) => this.refusal(url) === undefined).map((url) => new URL(url).origin));
    await Promise.all(
      [...origins].map((origin) =>
        this.request(origin, "HEAD").then(
          (answer) => answer.destroy(),
          () => undefined,
        ),
      ),
    );
  }

  /** Why `url` cannot be asked by a program that honours `HTTPS_PROXY`: its host, or the proxy where there is one, does not answer. */
  async obstacle(url: string, { HTTPS_PROXY, https_proxy }: NodeJS.ProcessEnv): Promise<string | undefined> {
    const asked = HTTPS_PROXY ?? https_proxy ?? url;
    if (!URL.canParse(asked)) return `${asked} is no address`;
    await this.probe([asked]);
    const refusal = this.refusal(asked);
    return refusal === undefined ? undefined : `${new URL(asked).host}: ${refusal}`;
  }

  /** @throws Error with the address and what is wrong. */
  async text(url: string): Promise<string> {
    return text(await this.get(url));
  }

  /**
   * Writes what is at `url` to `file`.
   * @param onProgress is told how much of it is there, from 0 to 1, where the server says how much there is.
   * @returns its SHA-256, hexadecimal.
   * @throws Error with the address and what is wrong.
   */
  async file(url: string, file: string, onProgress: (share: number) => void): Promise<string> {
    const answer = await this.get(url);
    const size = Number(answer.headers["content-length"]);
    const hash = crypto.createHash("sha256");
    let received = 0;
    answer.on("data", (piece: Buffer) => {
      hash.update(piece);
      received += piece.length;
      if (size > 0) onProgress(received / size);
    });
    await pipeline(answer, fs.createWriteStream(file)).catch((error: unknown) => {
      throw new Error(
        `${url}: the download ended after ${received} of ${answer.headers["content-length"] ?? "?"} bytes (${messageOf(error)})`,
      );
    });
    return hash.digest("hex");
  }

  private async get(url: string, redirects = mostRedirects): Promise<http.IncomingMessage> {
    const answer = await this.request(url, "GET");
    const { statusCode = 0, headers } = answer;
    if (statusCode === 200) return answer;
    answer.destroy();
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined) throw new Error(`${url}: HTTP status ${statusCode}`);
    const target = new URL(headers.location, url);
    if (url.startsWith("https:") && target.protocol !== "https:") throw new Error(`${url}: leads from HTTPS to ${target.href}`);
    if (redirects === 0) throw new Error(`${url}: more than ${mostRedirects} redirects`);
    return this.get(target.href, redirects - 1);
  }

  private async request(url: string, method: string): Promise<http.IncomingMessage> {
    const { host } = new URL(url);
    const known = this.silentHosts.get(host);
    if (known !== undefined) throw new Error(`${url}: ${known}`);
    try {
      return await openAnswer(url, method, this.limits);
    } catch (error) {
      this.silentHosts.set(host, messageOf(error));
      throw new Error(`${url}: ${messageOf(error)}`);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
