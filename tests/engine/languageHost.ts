import { type ChildProcess, spawn } from "node:child_process";
import {
  Server,
  ServerCredentials,
  type UntypedServiceImplementation,
  type handleServerStreamingCall,
  type handleUnaryCall,
} from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { exitWithEngine } from "../../local/plugins/server/lifetime";

// Pulumi's language host for Node, as far as a preview and an update ask for it: pulumi-language-nodejs does not come with a CLI that was built from
// its Go module. It runs the SDK's own programs, which are what the official one runs.
// See https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go

/** With this the program says that its error is already in the engine's log. */
const alreadyLogged = 32;

const engine = process.argv.at(-1) ?? "";

function start(script: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, [require.resolve(`@pulumi/pulumi/cmd/${script}`), ...args], {
    cwd,
    env: { ...process.env, PULUMI_NODEJS_TYPESCRIPT: "true", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  return child;
}

const run: handleUnaryCall<messages.RunRequest, messages.RunResponse> = ({ request }, answer) => {
  const { project, stack, pwd, dryrun, parallel, monitorAddress, organization, info } = request.toObject();
  const flags = { project, stack, pwd, parallel, organization, monitor: monitorAddress, engine, "root-directory": info?.rootDirectory };
  const args = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
  const program = start("run", [...args, ...(dryrun ? ["--dry-run"] : []), info?.entryPoint ?? "."], info?.programDirectory ?? pwd, {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  });
  program.stdout?.pipe(process.stdout);
  program.stderr?.pipe(process.stderr);
  program.once("close", (code) => {
    const failed = code === 0 || code === alreadyLogged ? "" : `the program ended with exit code ${String(code)}`;
    answer(null, new messages.RunResponse().setBail(code === alreadyLogged).setError(failed));
  });
};

/** The engine starts nothing of Node but policy packs here, in whose folder they run, whatever `pwd` says. */
const runPlugin: handleServerStreamingCall<messages.RunPluginRequest, messages.RunPluginResponse> = (call) => {
  const { argsList, envList, info } = call.request.toObject();
  const folder = info?.programDirectory ?? ".";
  const given = Object.fromEntries(envList.map((each) => [each.slice(0, each.indexOf("=")), each.slice(each.indexOf("=") + 1)]));
  const pack = start("run-policy-pack", [...argsList, folder], folder, given);
  pack.stdout?.on("data", (bytes: Buffer) => call.write(new messages.RunPluginResponse().setStdout(bytes)));
  pack.stderr?.on("data", (bytes: Buffer) => call.write(new messages.RunPluginResponse().setStderr(bytes)));
  call.once("cancelled", () => pack.kill("SIGKILL"));
  pack.once("close", (code) => {
    call.write(new messages.RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
};

const calls: UntypedServiceImplementation = {
  handshake: ((_, answer) => {
    answer(null, new messages.LanguageHandshakeResponse());
  }) satisfies handleUnaryCall<messages.LanguageHandshakeRequest, messages.LanguageHandshakeResponse>,
  getPluginInfo: ((_, answer) => {
    answer(null, new PluginInfo());
  }) satisfies handleUnaryCall<unknown, PluginInfo>,
  getRequiredPackages: ((_, answer) => {
    answer(null, new messages.GetRequiredPackagesResponse());
  }) satisfies handleUnaryCall<messages.GetRequiredPackagesRequest, messages.GetRequiredPackagesResponse>,
  run,
  runPlugin,
};

exitWithEngine();
const server = new Server();
server.addService(LanguageRuntimeService, calls);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(port);
});
