import type { UntypedServiceImplementation, handleUnaryCall } from "@grpc/grpc-js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { EngineConnection } from "./engineLog";
import { checkRequest, createRequest, deleteRequest, diffRequest, readRequest, updateRequest } from "./engineRequests";
import { checkResponse, diffResponse, readResponse } from "./engineResponses";
import { failureStatus } from "./failureStatus";
import type { Provider } from "./provider";
import { fromStruct, toStruct } from "./wireStruct";

type Method<Request, Response> = (request: Request) => Promise<Response> | Response;

/** The engine's ResourceProvider service on a `Provider`; methods that are missing here answer UNIMPLEMENTED. */
export class ResourceProvider {
  private readonly cancelled = new AbortController();

  constructor(
    private readonly provider: Provider,
    private readonly engine: EngineConnection,
  ) {}

  /** The methods as gRPC wants them. Each answers after what it logged has arrived. */
  implementation(): UntypedServiceImplementation {
    return {
      handshake: this.unary(() => new messages.ProviderHandshakeResponse().setAcceptSecrets(this.acceptsSecrets)),
      attach: this.unary((request: PluginAttach) => this.attach(request)),
      getPluginInfo: this.unary(() => new PluginInfo().setVersion(this.provider.version)),
      getSchema: this.unary(() => new messages.GetSchemaResponse().setSchema("{}")),
      checkConfig: this.unary((request: messages.CheckRequest) => this.checkConfig(request)),
      diffConfig: this.unary((request: messages.DiffRequest) => this.diffConfig(request)),
      configure: this.unary((request: messages.ConfigureRequest) => this.configure(request)),
      invoke: this.unary((request: messages.InvokeRequest) => this.invoke(request)),
      check: this.unary(async (request: messages.CheckRequest) => checkResponse(await this.provider.check(checkRequest(request)))),
      diff: this.unary(async (request: messages.DiffRequest) => diffResponse(await this.provider.diff(diffRequest(request)))),
      create: this.unary((request: messages.CreateRequest) => this.create(request)),
      read: this.unary(async (request: messages.ReadRequest) => readResponse(await this.provider.read(readRequest(request, this.signal)))),
      update: this.unary((request: messages.UpdateRequest) => this.update(request)),
      delete: this.unary((request: messages.DeleteRequest) => this.delete(request)),
      cancel: this.unary(() => this.cancel()),
    };
  }

  private get signal(): AbortSignal {
    return this.cancelled.signal;
  }

  private get acceptsSecrets(): boolean {
    return this.provider.acceptsSecrets ?? true;
  }

  private unary<Request, Response>(method: Method<Request, Response>): handleUnaryCall<Request, Response> {
    return (call, callback) => {
      this.answer(method, call.request).then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(failureStatus(error));
        },
      );
    };
  }

  private async answer<Request, Response>(method: Method<Request, Response>, request: Request): Promise<Response> {
    try {
      return await method(request);
    } finally {
      await this.engine.sent();
    }
  }

  private attach(request: PluginAttach): Empty {
    this.engine.reconnect(request.getAddress());
    return new Empty();
  }

  private async checkConfig(request: messages.CheckRequest): Promise<messages.CheckResponse> {
    const result = await this.provider.checkConfig?.(checkRequest(request));
    return checkResponse(result ?? { inputs: fromStruct(request.getNews()) });
  }

  private async diffConfig(request: messages.DiffRequest): Promise<messages.DiffResponse> {
    const result = await this.provider.diffConfig?.(diffRequest(request));
    return diffResponse(result ?? { changes: false });
  }

  private async configure(request: messages.ConfigureRequest): Promise<messages.ConfigureResponse> {
    await this.provider.configure(fromStruct(request.getArgs()), this.engine);
    return new messages.ConfigureResponse().setAcceptsecrets(this.acceptsSecrets).setSupportspreview(true);
  }

  private async invoke(request: messages.InvokeRequest): Promise<messages.InvokeResponse> {
    const token = request.getTok();
    if (this.provider.invoke === undefined) throw new Error(`${this.provider.name} has no function ${token}`);
    return new messages.InvokeResponse().setReturn(toStruct(await this.provider.invoke(token, fromStruct(request.getArgs()))));
  }

  private async create(request: messages.CreateRequest): Promise<messages.CreateResponse> {
    const { id, outputs } = await this.provider.create(createRequest(request, this.signal));
    return new messages.CreateResponse().setId(id).setProperties(toStruct(outputs));
  }

  private async update(request: messages.UpdateRequest): Promise<messages.UpdateResponse> {
    const { outputs } = await this.provider.update(updateRequest(request, this.signal));
    return new messages.UpdateResponse().setProperties(toStruct(outputs));
  }

  private async delete(request: messages.DeleteRequest): Promise<Empty> {
    await this.provider.delete(deleteRequest(request, this.signal));
    return new Empty();
  }

  private cancel(): Empty {
    this.cancelled.abort(new Error("the operation was cancelled"));
    return new Empty();
  }
}
