import { promisify } from "node:util";
import * as grpc from "@grpc/grpc-js";

const bytes = (buffer: Buffer): Buffer => buffer;
const coding = { requestSerialize: bytes, requestDeserialize: bytes, responseSerialize: bytes, responseDeserialize: bytes };

/** A service of texts: what is said comes back, by one call or as a stream. */
const service = {
  once: { path: "/echo.Echo/Once", requestStream: false, responseStream: false, ...coding },
  talk: { path: "/echo.Echo/Talk", requestStream: true, responseStream: true, ...coding },
} satisfies grpc.ServiceDefinition;

const Client = grpc.makeGenericClientConstructor(service, "Echo");

/** Serves it on 127.0.0.1 in clear text. @returns what ends it at once */
export async function startGrpcServer(port: number): Promise<() => void> {
  const server = new grpc.Server();
  server.addService(service, {
    once: (call: grpc.ServerUnaryCall<Buffer, Buffer>, answer: grpc.sendUnaryData<Buffer>) => {
      answer(null, call.request);
    },
    talk: (call: grpc.ServerDuplexStream<Buffer, Buffer>) => {
      call
        .on("data", (said: Buffer) => call.write(said))
        .on("end", () => {
          call.end();
        });
    },
  });
  await promisify(server.bindAsync.bind(server))(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure());
  return () => {
    server.forceShutdown();
  };
}

/** A client with a connection of its own, which makes no second attempt at anything. */
export class GrpcClient {
  private readonly client: grpc.Client;

  /** @param roots PEM of all that it trusts */
  constructor(port: number, host: string, roots: string) {
    const credentials = grpc.credentials.createSsl(Buffer.from(roots));
    const name = { "grpc.ssl_target_name_override": host, "grpc.default_authority": host };
    this.client = new Client(`127.0.0.1:${port}`, credentials, { ...name, "grpc.enable_retries": 0, "grpc.use_local_subchannel_pool": 1 });
  }

  /** One call. @throws Error of gRPC */
  async once(text: string): Promise<string> {
    const { path, requestSerialize, responseDeserialize } = service.once;
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(path, requestSerialize, responseDeserialize, Buffer.from(text), (error, answer) => {
        if (error === null) resolve(String(answer));
        else reject(error);
      });
    });
  }

  /** A stream in both directions. */
  talk(): grpc.ClientDuplexStream<Buffer, Buffer> {
    const { path, requestSerialize, responseDeserialize } = service.talk;
    return this.client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  }

  close(): void {
    this.client.close();
  }
}
