import { ChannelCredentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { EngineLog } from "./provider";

const severities = {
  debug: LogSeverity.DEBUG,
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
} as const;

/** Sends messages to the engine one after the other, so that they are shown in the order in which they were written. */
export class EngineConnection implements EngineLog {
  private readonly client: EngineClient;
  private last: Promise<void> = Promise.resolve();

  /** @param address the engine's gRPC address, as `127.0.0.1:41234`. */
  constructor(address: string) {
    this.client = new EngineClient(address, ChannelCredentials.createInsecure());
  }

  log(severity: "debug" | "info" | "warning" | "error", message: string, urn = "", ephemeral = false): void {
    const request = new LogRequest().setSeverity(severities[severity]).setMessage(message).setUrn(urn).setEphemeral(ephemeral);
    this.last = this.last.then(() => this.send(request));
  }

  /** Resolves when the engine has everything that was logged so far. */
  sent(): Promise<void> {
    return this.last;
  }

  /** A message that the engine did not take is lost: there is no other place to say it. */
  private send(request: LogRequest): Promise<void> {
    return new Promise((resolve) => {
      this.client.log(request, () => {
        resolve();
      });
    });
  }
}
