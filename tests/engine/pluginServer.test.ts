import * as assert from "node:assert/strict";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import * as path from "node:path";
import type { Readable, Writable } from "node:stream";
import { Server, ServerCredentials, credentials, type ServiceError } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { JsonObject } from "../../local/plugins/server/provider";
import { UNKNOWN, secret } from "../../local/plugins/server/values";
import { fromStruct, toStruct } from "../../local/plugins/server/wireStruct";

type Plugin = ChildProcessByStdio<Writable, Readable, Readable>;
const urn = "urn:pulumi:dev::tests::parent$tests:index/echo:Echo::a::b";

/** A fake engine that keeps what plugins log. */
async function startEngine(logged: string[]): Promise<{ server: Server; address: string }> {
  const server = new Server();
  server.addService(EngineService, {
    log: (call: { request: LogRequest }, callback: (error: null, reply: Empty) => void) => {
      logged.push(`${call.request.getMessage()} ${call.request.getUrn()}`);
      callback(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { server, address: `127.0.0.1:${port}` };
}

/** The command that starts the provider of `pluginServerFixture.ts`. */
function fixtureCommand(address: string): string[] {
  return ["--require", require.resolve("../../local/typescript"), path.join(__dirname, "pluginServerFixture.ts"), address];
}

/** The first lines of a stream, as soon as they are there. */
function lines(stream: Readable, count = 1): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.split("\n").length > count) resolve(text);
    });
    stream.once("end", () => {
      reject(new Error(`ended after ${JSON.stringify(text)}`));
    });
  });
}

describe("serve", () => {
  const logged: string[] = [];
  let engine: { server: Server; address: string };
  let plugin: Plugin;
  let client: ResourceProviderClient;

  before(async () => {
    engine = await startEngine(logged);
    plugin = spawn(process.execPath, fixtureCommand(engine.address), { stdio: ["pipe", "pipe", "pipe"] });
    const line = await lines(plugin.stdout);
    assert.match(line, /^\d+\n$/);
    client = new ResourceProviderClient(`127.0.0.1:${line.trim()}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
    });
    await new Promise((resolve) => {
      client.configure(new messages.ConfigureRequest(), resolve);
    });
  });

  after(() => {
    client.close();
    plugin.kill();
    engine.server.forceShutdown();
  });

  const create = (properties: JsonObject): Promise<messages.CreateResponse> => {
    const request = new messages.CreateRequest().setUrn(urn).setProperties(toStruct(properties)).setTimeout(1.5).setPreview(true);
    return new Promise((resolve, reject) => {
      client.create(request, (error, response) => {
        if (error === null) resolve(response);
        else reject(error);
      });
    });
  };

  it("keeps nulls, numbers, lists, unknown values and secrets as they are", async () => {
    const properties = { none: null, zero: 0, half: 0.5, no: false, list: [1, [], {}], unknown: UNKNOWN, hidden: secret({ a: "b" }) };
    const response = await create(properties);
    const { request, ...echoed } = fromStruct(response.getProperties());
    assert.deepEqual(echoed, properties);
    assert.deepEqual(request, { urn, type: "tests:index/echo:Echo", name: "a::b", timeoutSeconds: 1.5, preview: true });
  });

  it("takes messages that are bigger than what gRPC allows by itself", async () => {
    const text = "x".repeat(5 * 1024 * 1024);
    const response = await create({ text });
    assert.equal(fromStruct(response.getProperties()).text, text);
  });

  it("has its log messages with the engine before it answers", async () => {
    await create({ log: ["first", "second"] });
    assert.deepEqual(logged, [`first ${urn}`, `second ${urn}`]);
  });

  it("hands over an object that exists although its creation failed", async () => {
    const error = await create({ partial: "not ready" }).then(
      () => assert.fail("no error"),
      (caught: unknown) => caught as ServiceError,
    );
    assert.equal(error.details, "not ready");
    const [trailer] = error.metadata.get("grpc-status-details-bin");
    const [any] = Status.deserializeBinary(trailer as Buffer).getDetailsList();
    assert.equal(any?.getTypeName(), "pulumirpc.ErrorResourceInitFailed");
    const detail = messages.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
    assert.deepEqual([detail.getId(), detail.getReasonsList(), fromStruct(detail.getProperties())], ["partial-id", ["why"], { state: 1 }]);
  });

  it("aborts what is being waited for when the engine cancels", async () => {
    const refused = assert.rejects(create({ wait: true }), /the operation was cancelled/);
    await new Promise((resolve) => {
      client.cancel(new Empty(), resolve);
    });
    await refused;
  });

  it("ends when the engine is killed", async () => {
    const command = [process.execPath, ...fixtureCommand(engine.address)].map((word) => `'${word}'`).join(" ");
    const parent = spawn("sh", ["-c", `${command} <&0 & wait`], { stdio: ["pipe", "pipe", "pipe"] });
    const ended = new Promise((resolve) => parent.stdout.once("close", resolve));
    await lines(parent.stdout, 1);
    parent.kill("SIGKILL");
    // Standard output closes when the last process that holds it is gone, and that is the plugin.
    await ended;
  });
});
