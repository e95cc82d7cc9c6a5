import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { log } from "./goProgram";

/** A call with one request and one answer, both in protobuf's encoding. */
export type Method = (request: Buffer) => Promise<Buffer>;

/** @see https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
const status = { ok: 0, unknown: 2, unimplemented: 12 } as const;

export function isGrpc({ httpVersionMajor, headers }: Http2ServerRequest): boolean {
  return httpVersionMajor === 2 && headers["content-type"]?.startsWith("application/grpc") === true;
}

/** Answers a call. @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
export async function answer(
  methods: Readonly<Record<string, Method>>,
  request: Http2ServerRequest,
  response: Http2ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const method = methods[request.url];
  response.writeHead(200, { "content-type": "application/grpc" });
  try {
    if (method === undefined) {
      end(response, status.unimplemented, `unknown method ${request.url}`);
      return;
    }
    const reply = await method(Buffer.concat(chunks).subarray(5));
    const length = Buffer.alloc(5);
    length.writeUInt32BE(reply.length, 1);
    response.write(Buffer.concat([length, reply]));
    end(response, status.ok, "");
  } catch (error) {
    log("error", `${request.url}: ${String(error)}`);
    end(response, status.unknown, String(error));
  }
}

function end(response: Http2ServerResponse, code: number, message: string): void {
  response.addTrailers({ "grpc-status": String(code), "grpc-message": encodeURIComponent(message) });
  response.end();
}

/** Strings and messages by the numbers of their fields; other kinds are left out. @see https://protobuf.dev/programming-guides/encoding/ */
export function fieldsOf(message: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>();
  for (let at = 0; at < message.length;) {
    const [tag, afterTag] = varint(message, at);
    const [value, afterValue] = varint(message, afterTag);
    const delimited = (tag & 7) === 2;
    if (delimited) fields.set(tag >> 3, message.subarray(afterValue, afterValue + value));
    at = delimited ? afterValue + value : afterValue;
  }
  return fields;
}

function varint(message: Buffer, start: number): readonly [value: number, next: number] {
  let [value, shift, at] = [0, 0, start];
  for (; ((message[at] ?? 0) & 0x80) !== 0; at++, shift += 7) value |= ((message[at] ?? 0) & 0x7f) << shift;
  return [value | ((message[at] ?? 0) << shift), at + 1];
}

/** A field with a string or a message of less than 16 kB. */
export function field(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = bytes.length < 0x80 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}
