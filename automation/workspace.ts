import * as path from "node:path";
import { LocalWorkspace, type PulumiFn, Stack, type Workspace } from "@pulumi/pulumi/automation";
import { patchForceEnvironment } from "../config/patchForce";
import { type Embedded, embeddedEnvironment, startEmbedded } from "../local/embedded";
import { officialPlugins } from "../local/plugins/officialPlugins";
import type { PluginFolder } from "../local/plugins/pluginFolder";
import type { Progress } from "../local/progress";
import { ensureTools, type Tool } from "../local/toolchain/ensureTools";
import { stackArgument } from "./arguments";
import type { Deployment } from "./deployment";
import { EngineCommand, EngineError } from "./engineCommand";
import { embeddedHome } from "./engineHome";
import { Failure } from "./exitCode";
import { dropCutAttributes } from "./fileBackend";
import { packEnvironment } from "./policyPacks";
import type { RunNotes } from "./json/runNotes";
import { RegistrationGuard } from "./registrationGuard";
import { isEmbedded, projectName, stackFile, WorkFolder } from "./stackFiles";
import { clearStaleLocks } from "./stackLock";
import { platformOfFile } from "./stacks/stackOrder";
import { putOutputs, type ThrowAwayBackend, throwAwayBackend } from "./throwAwayBackend";

/** A stack, opened for operations of the engine. */
export interface OpenStack {
  readonly name: string;
  /** The embedded control plane that the stack is on; undefined for a stack with a cluster of its own. */
  readonly embedded: Embedded | undefined;
  readonly stack: Stack;
  readonly engine: EngineCommand;
  readonly guard: RegistrationGuard;
  /** The state when the stack was opened. */
  readonly before: Deployment;
  /** The state now. */
  deployment(): Promise<Deployment>;
}

interface Engine {
  readonly pulumi: Tool;
  readonly plugins: readonly PluginFolder[];
  readonly env: Readonly<Record<string, string>>;
  readonly embedded: Embedded | undefined;
}

interface Where {
  readonly root: string;
  readonly stack: string;
  readonly progress: Progress;
  readonly notes?: RunNotes;
}

/** What becomes of a stack that its backend does not have: it is made there, or in a backend that ends with the process, or it is an error. */
export type MissingStack = "make" | "throw away" | "refuse";

async function startEngine({ root, stack, progress }: Where): Promise<Engine> {
  if (isEmbedded(root, stack)) {
    const embedded = await startEmbedded(progress);
    return { pulumi: embedded.tools.pulumi, plugins: embedded.plugins, env: embedded.env, embedded };
  }
  const tools = await ensureTools(["pulumi", "helm"], progress);
  const plugins = await officialPlugins(tools.pulumi, progress);
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true", TRUSTPLANE_HELM: tools.helm.path };
  return { pulumi: tools.pulumi, plugins, env, embedded: undefined };
}

/** The program, read only when the engine asks for it: reading it takes longer than most answers of the engine. */
function programOf(root: string): PulumiFn {
  return async () => {
    const { default: exported } = (await import(path.join(root, "index"))) as { default: PulumiFn };
    return (await exported()) as Record<string, unknown>;
  };
}

async function openWorkspace(
  where: Where,
  engine: Omit<Engine, "embedded">,
  embedded: boolean,
  missing: MissingStack,
  throwAway?: ThrowAwayBackend,
): Promise<Omit<OpenStack, "embedded">> {
  const { root, stack, progress } = where;
  const folder = new WorkFolder(root, stack, embedded, throwAway?.workFolder);
  folder.prepare(engine.plugins);
  const guard = new RegistrationGuard();
  const command = new EngineCommand(engine.pulumi);
  const workspace = await LocalWorkspace.create({
    workDir: folder.path,
    program: guard.guarded(programOf(root)),
    pulumiCommand: command.cli,
    secretsProvider: folder.secretsProvider,
    envVars: { ...engine.env, ...packEnvironment(where), ...patchForceEnvironment },
    ...(embedded ? { pulumiHome: embeddedHome() } : {}),
  });
  const place = { backendUrl: engine.env.PULUMI_BACKEND_URL ?? process.env.PULUMI_BACKEND_URL ?? "", project: projectName(root), stack };
  clearStaleLocks(place, progress);
  dropCutAttributes(place);
  const before = await exportState(workspace, stack, embedded);
  if (before === undefined && missing === "refuse")
    throw new Failure(
      `stack ${stack}: its backend does not have it, so there is nothing to read or to delete. Make it with: npm run up${stackArgument(stack)}`,
    );
  if (before === undefined && missing === "throw away") {
    progress.line(`stack ${stack} does not exist yet: it is previewed as a new one, and nothing is created`);
    const thrownAway = throwAwayBackend(engine.env);
    const opened = await openWorkspace(where, { ...engine, env: thrownAway.env }, embedded, "make", thrownAway);
    await putPlatform(where, workspace, opened.stack.workspace, embedded);
    return opened;
  }
  if (missing === "make" && throwAway === undefined)
    workspace.postCommandCallback = () => {
      folder.saveKeys();
      return Promise.resolve();
    };
  const opened = await openedStack(stack, workspace, before !== undefined).catch((error: unknown) => {
    throw explained(error, stack, embedded);
  });
  const deployment = async (): Promise<Deployment> => (await exportState(workspace, stack, embedded)) ?? {};
  return { name: stack, stack: opened, engine: command, guard, before: before ?? {}, deployment };
}

/** The platform that a new stack reads, for its preview to find in the other backend. */
async function putPlatform({ root, stack }: Where, from: LocalWorkspace, to: Workspace, embedded: boolean): Promise<void> {
  const platform = platformOfFile(root, stack);
  const deployment = platform === undefined ? undefined : await exportState(from, platform, embedded);
  if (platform !== undefined && deployment !== undefined) await putOutputs(to, platform, projectName(root), deployment);
}

function isMissingStack(error: unknown): boolean {
  return error instanceof EngineError && error.stderr.includes("no stack named");
}

async function openedStack(name: string, workspace: LocalWorkspace, exists: boolean): Promise<Stack> {
  // every command of the API names its stack, so that none needs to be the selected one, which costs a process
  workspace.selectStack = () => Promise.resolve();
  const stack = exists ? await Stack.select(name, workspace) : await Stack.create(name, workspace);
  // an operation would read these at its end, a second for each; the scripts read the state once
  stack.outputs = () => Promise.resolve({});
  stack.info = () => Promise.resolve(undefined);
  return stack;
}

async function exportState(workspace: LocalWorkspace, stack: string, embedded: boolean): Promise<Deployment | undefined> {
  try {
    return (await workspace.exportStack(stack)).deployment as Deployment;
  } catch (error) {
    if (isMissingStack(error)) return undefined;
    throw explained(error, stack, embedded);
  }
}

/** The engine's errors about a stack as a whole, each with its way out. */
export function explained(error: unknown, stack: string, embedded: boolean): Error {
  if (!(error instanceof EngineError)) return error instanceof Error ? error : new Error(String(error));
  const text = error.message.replace(/^error: /gm, "");
  if (text.includes("incorrect passphrase")) return new Failure(wrongPassphrase(stack, embedded));
  if (text.includes("passphrase must be set"))
    return new Failure(`stack ${stack}: its passphrase is missing. Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`);
  if (text.includes("PULUMI_ACCESS_TOKEN"))
    return new Failure(`stack ${stack}: no backend is logged in to. Run: pulumi login URL, or set PULUMI_BACKEND_URL.`);
  return new Failure(`stack ${stack}: ${text}`);
}

function wrongPassphrase(stack: string, embedded: boolean): string {
  const wayOut = embedded
    ? " Unset it to use the one kept in .trustplane/passphrase; if it is lost, npm run down starts over."
    : " Set it to the passphrase that the stack was made with.";
  return `stack ${stack}: the passphrase in PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) is wrong.${wayOut}`;
}

/**
 * Opens a stack for operations: tools, the embedded control plane where the stack is on it, plugins, work folder.
 * @param missing what to do where its backend does not have it
 * @throws Failure
 */
export async function openStack(where: Where, missing: MissingStack): Promise<OpenStack> {
  stackFile(where.root, where.stack);
  const { embedded, ...engine } = await startEngine(where);
  const open = { ...(await openWorkspace(where, engine, embedded !== undefined, missing)), embedded };
  if (where.notes !== undefined) where.notes.open = open;
  return open;
}

/** Makes what every stack on the same cluster shares: tools, plugins, the embedded control plane where the stack is on it. */
export async function prepareEngine(where: Where): Promise<void> {
  const { embedded } = await startEngine(where);
  if (embedded !== undefined) embeddedHome();
}

/** Starts nothing but the engine's command. */
async function readingWorkspace({ root, stack, progress }: Where): Promise<LocalWorkspace> {
  const { pulumi } = await ensureTools(["pulumi"], progress);
  const surroundings = isEmbedded(root, stack)
    ? { pulumiHome: embeddedHome(), envVars: { ...embeddedEnvironment() } }
    : { envVars: { PULUMI_SKIP_UPDATE_CHECK: "true" } };
  return LocalWorkspace.create({ workDir: root, pulumiCommand: new EngineCommand(pulumi).cli, ...surroundings });
}

/** Reads a stack's state without starting anything but the engine's command. Undefined for a stack that does not exist yet. */
export async function readState(where: Where): Promise<Deployment | undefined> {
  return await exportState(await readingWorkspace(where), where.stack, isEmbedded(where.root, where.stack));
}

/** A stack's configuration with its secrets decrypted, as texts. @throws Failure where that is not possible */
export async function decryptedConfig(where: Where): Promise<Readonly<Record<string, string>>> {
  const { root, stack } = where;
  const workspace = await readingWorkspace(where);
  const values = await workspace.getAllConfig(stack).catch((error: unknown) => {
    throw explained(error, stack, isEmbedded(root, stack));
  });
  return Object.fromEntries(Object.entries(values).map(([key, { value }]) => [key, value]));
}

/** The names of all stacks of the project in the backend of a stack. */
export async function backendStacks(where: Where): Promise<readonly string[]> {
  const listed = await (await readingWorkspace(where)).listStacks();
  return listed.map(({ name }) => name);
}
