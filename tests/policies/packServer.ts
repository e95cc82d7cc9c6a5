import { spawn } from "node:child_process";
import * as path from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import type { PlainStackResource } from "../../policies/judgement";
import { projectRoot } from "../../local/paths";

/** One message of a pack, as the engine gets it. */
export interface Diagnostic {
  readonly policy: string;
  readonly message: string;
  readonly level: string;
  readonly urn: string;
}

interface StartOptions {
  /** Names the stack. */
  readonly variable?: string;
  /** `trustplane:policies` of the stack. */
  readonly settings?: object;
}

/** A pack in its own process, started by Pulumi's runner, and asked as the engine asks. */
export class PackServer {
  private constructor(
    private readonly client: AnalyzerClient,
    private readonly stop: () => void,
  ) {}

  /** @throws Error with what the process wrote, where it ends before it serves */
  static async start(
    folder: string,
    stack: string,
    { variable = "PULUMI_NODEJS_STACK", settings = {} }: StartOptions = {},
  ): Promise<PackServer> {
    const runner = path.join(projectRoot, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack", "index.js");
    const config = JSON.stringify({ "trustplane:policies": JSON.stringify(settings) });
    const env = { ...process.env, PULUMI_NODEJS_PROJECT: "trustplane", PULUMI_CONFIG: config, [variable]: stack };
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", folder], { cwd: folder, env });
    const errors: Buffer[] = [];
    child.stderr.on("data", (data: Buffer) => errors.push(data));
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (data: Buffer) => {
        resolve(data.toString().trim());
      });
      child.once("exit", () => {
        reject(new Error(Buffer.concat(errors).toString()));
      });
    });
    const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const stop = (): void => {
      client.close();
      child.kill();
    };
    return new PackServer(client, stop);
  }

  async info(): Promise<analyzer.AnalyzerInfo.AsObject> {
    const info = await answer<analyzer.AnalyzerInfo>((done) => this.client.getAnalyzerInfo(new Empty(), done));
    return info.toObject();
  }

  /** What the engine does with levels of a policy configuration. */
  async configure(policy: string, level: analyzer.EnforcementLevel): Promise<void> {
    const request = new analyzer.ConfigureAnalyzerRequest();
    const config = new analyzer.PolicyConfig();
    config.setEnforcementlevel(level);
    config.setProperties(Struct.fromJavaScript({}));
    request.getPolicyconfigMap().set(policy, config);
    await answer<Empty>((done) => this.client.configure(request, done));
  }

  async analyze(resource: PlainStackResource): Promise<readonly Diagnostic[]> {
    const request = fill(new analyzer.AnalyzeRequest(), resource);
    return diagnostics(await answer((done) => this.client.analyze(request, done)));
  }

  async analyzeStack(resources: readonly PlainStackResource[]): Promise<readonly Diagnostic[]> {
    const request = new analyzer.AnalyzeStackRequest();
    request.setResourcesList(resources.map(stackResource));
    return diagnostics(await answer((done) => this.client.analyzeStack(request, done)));
  }

  close(): void {
    this.stop();
  }
}

function answer<T>(call: (done: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}

function fill<T extends analyzer.AnalyzeRequest | analyzer.AnalyzerResource>(message: T, resource: PlainStackResource): T {
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(resource.urn);
  message.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(resource.props)) as Record<string, JavaScriptValue>));
  const options = new analyzer.AnalyzerResourceOptions();
  options.setProtect(resource.protect);
  message.setOptions(options);
  if (resource.provider !== undefined) {
    const provider = new analyzer.AnalyzerProviderResource();
    provider.setName(resource.provider);
    provider.setType("pulumi:providers:kubernetes");
    provider.setProperties(new Struct());
    message.setProvider(provider);
  }
  return message;
}

function stackResource(resource: PlainStackResource): analyzer.AnalyzerResource {
  const message = fill(new analyzer.AnalyzerResource(), resource);
  for (const [property, urns] of Object.entries(resource.sources)) {
    const dependencies = new analyzer.AnalyzerPropertyDependencies();
    dependencies.setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(property, dependencies);
  }
  return message;
}

const levels = new Map(Object.entries(analyzer.EnforcementLevel).map(([name, number]) => [number, name.toLowerCase()]));

/** The SDK writes the policy's description in front of each message, on a line of its own. */
function diagnostics(response: analyzer.AnalyzeResponse): readonly Diagnostic[] {
  return response.getDiagnosticsList().map((each) => ({
    policy: each.getPolicyname(),
    message: each.getMessage().slice(each.getDescription().length + 1),
    level: levels.get(each.getEnforcementlevel()) ?? "",
    urn: each.getUrn(),
  }));
}
