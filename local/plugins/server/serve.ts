import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineConnection } from "./engineLog";
import { exitWithEngine } from "./lifetime";
import type { Provider } from "./provider";
import { ResourceProvider } from "./resourceProvider";

/** Bytes of one message, as the engine allows them; gRPC's own 4 MB are too few for large charts and manifests. */
const maximumMessage = 400 * 1024 * 1024;

/**
 * Serves a provider to the engine that started this process, until that engine is gone. The engine's address is the first argument; the port is
 * printed as the first and only line on standard output, which is all that a plugin and its engine agree on.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
 */
export function serve(provider: Provider): void {
  const address = process.argv[2];
  if (address === undefined)
    throw new Error(`pulumi-resource-${provider.name} is started by the Pulumi engine, with the engine's address as argument`);
  exitWithEngine();
  const server = new Server({ "grpc.max_receive_message_length": maximumMessage, "grpc.max_send_message_length": maximumMessage });
  server.addService(ResourceProviderService, new ResourceProvider(provider, new EngineConnection(address)).implementation());
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    process.stdout.write(`${port.toString()}\n`);
  });
}
