import * as http from "node:http";
import * as https from "node:https";

/** Patience with a host, in milliseconds. */
export interface DownloadLimits {
  /** Until the connection stands. */
  readonly connect: number;
  /** From then until the answer begins. */
  readonly answer: number;
  /** Between two pieces of the answer. */
  readonly stall: number;
}

/** The answer's head. Rejects where none comes within the limits. */
export function openAnswer(url: string, method: string, limits: DownloadLimits): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.startsWith("https:") ? https : http).request(url, { method });
    const giveUp = (what: string, millis: number): NodeJS.Timeout =>
      setTimeout(() => request.destroy(new Error(`${what} within ${millis / 1000} s`)), millis);
    let timer = giveUp("no connection", limits.connect);
    const connected = (): void => {
      clearTimeout(timer);
      timer = giveUp("no answer", limits.answer);
    };
    request.on("socket", (socket) => {
      if (socket.connecting) socket.once("connect", connected);
      else connected();
    });
    request.on("response", (answer) => {
      clearTimeout(timer);
      request.setTimeout(limits.stall, () => answer.destroy(new Error(`nothing came for ${limits.stall / 1000} s`)));
      resolve(answer);
    });
    request.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end();
  });
}
