import type { UntypedServiceImplementation, handleUnaryCall } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { EngineConnection } from "./engineLog";
import { checkRequest, createRequest, deleteRequest, diffRequest, readRequest, updateRequest } from "./engineRequests";
import { checkResponse, diffResponse, readResponse } from "./engineResponses";
import { failureStatus } from "./failureStatus";
import type { CheckRequest, CreateRequest, DeleteRequest, DiffRequest, Provider, ReadRequest, UpdateRequest } from "./provider";
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
      handshake: this.unary(() => new messages.ProviderHandshakeResponse()),
      getPluginInfo: this.unary(() => new PluginInfo().setVersion(this.provider.version)),
      getSchema: this.unary(() => new messages.GetSchemaResponse().setSchema("{}")),
      checkConfig: this.unary((request: messages.CheckRequest) => new messages.CheckResponse().setInputs(request.getNews())),
      diffConfig: this.unary((request: messages.DiffRequest) => this.diffConfig(request)),
      configure: this.unary((request: messages.ConfigureRequest) => this.configure(request)),
      check: this.unary((request: messages.CheckRequest) => this.check(checkRequest(request))),
      diff: this.unary((request: messages.DiffRequest) => this.diff(diffRequest(request))),
      create: this.unary((request: messages.CreateRequest) => this.create(createRequest(request, this.signal))),
      read: this.unary((request: messages.ReadRequest) => this.read(readRequest(request, this.signal))),
      update: this.unary((request: messages.UpdateRequest) => this.update(updateRequest(request, this.signal))),
      delete: this.unary((request: messages.DeleteRequest) => this.delete(deleteRequest(request, this.signal))),
      cancel: this.unary(() => this.cancel()),
    };
  }

  private get signal(): AbortSignal {
    return this.cancelled.signal;
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

  private diffConfig(request: messages.DiffRequest): messages.DiffResponse {
    return diffResponse(this.provider.diffConfig?.(diffRequest(request)) ?? { changes: false });
  }

  private configure(request: messages.ConfigureRequest): messages.ConfigureResponse {
    this.provider.configure(fromStruct(request.getArgs()), this.engine);
    return new messages.ConfigureResponse().setSupportspreview(true);
  }

  private async check(request: CheckRequest): Promise<messages.CheckResponse> {
    return checkResponse(await this.provider.resource(request.type).check(request));
  }

  private async diff(request: DiffRequest): Promise<messages.DiffResponse> {
    return diffResponse(await this.provider.resource(request.type).diff(request));
  }

  private async create(request: CreateRequest): Promise<messages.CreateResponse> {
    const { id, outputs } = await this.provider.resource(request.type).create(request);
    return new messages.CreateResponse().setId(id).setProperties(toStruct(outputs));
  }

  private async read(request: ReadRequest): Promise<messages.ReadResponse> {
    return readResponse(await this.provider.resource(request.type).read(request));
  }

  private async update(request: UpdateRequest): Promise<messages.UpdateResponse> {
    const { outputs } = await this.provider.resource(request.type).update(request);
    return new messages.UpdateResponse().setProperties(toStruct(outputs));
  }

  private async delete(request: DeleteRequest): Promise<Empty> {
    await this.provider.resource(request.type).delete(request);
    return new Empty();
  }

  private cancel(): Empty {
    this.cancelled.abort(new Error("the operation was cancelled"));
    return new Empty();
  }
}
