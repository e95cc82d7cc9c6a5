import * as fs from "node:fs";
import * as http from "node:http";
import * as http2 from "node:http2";
import * as net from "node:net";
import { log } from "./goProgram";

/** Answers a request of HTTP/1 or HTTP/2. */
export type Handler = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void;

const preface = "PRI * HTTP/2.0";

/**
 * Listens as Go's `http.Server` does with `h2c`: HTTP/1 and HTTP/2 on one port, over TLS by ALPN and the files that Geocube's programs read once,
 * without it by how a client begins. What keeps it from listening ends the program with status 1.
 */
export function listen(port: string, tls: boolean, handler: Handler): void {
  try {
    const server = tls ? http2.createSecureServer({ allowHTTP1: true, ...leaf() }, handler) : clearText(handler);
    server.on("error", ended).listen(Number(port));
  } catch (error) {
    ended(error);
  }
}

function leaf(): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: fs.readFileSync("/tls/tls.crt"), key: fs.readFileSync("/tls/tls.key") };
}

function ended(error: unknown): never {
  log("fatal", "srv.ListenAndServe", { error: String(error) });
  process.exit(1);
}

function clearText(handler: Handler): net.Server {
  const second = http2.createServer(handler);
  const first = http.createServer((request, response) => {
    handler(request as unknown as http2.Http2ServerRequest, response as unknown as http2.Http2ServerResponse);
  });
  return net.createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (data) => {
      socket.pause();
      socket.unshift(data);
      const server = data.toString("latin1").startsWith(preface) ? second : first;
      server.emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  });
}
