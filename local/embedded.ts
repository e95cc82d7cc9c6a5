import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { controlPlaneTools } from "./controlPlane/components";
import { layoutOf } from "./controlPlane/layout";
import { type ControlPlane, ensureControlPlane } from "./controlPlane/ensureControlPlane";
import { adoptEarlierFolders } from "./embeddedWork";
import { embeddedKubeconfig, runtimeRoot } from "./paths";
import { providerPlugins } from "./plugins/providerPlugins";
import type { PluginFolder } from "./plugins/pluginFolder";
import type { Progress } from "./progress";
import { ensureCharts } from "./realCharts";
import { ensureTools, type ToolName, type Tools } from "./toolchain/ensureTools";

/** Everything that a stack on the embedded control plane needs. */
export interface Embedded {
  readonly tools: Tools;
  readonly controlPlane: ControlPlane;
  /** Plugins that stand in for the official ones; empty where those can be had. */
  readonly plugins: readonly PluginFolder[];
  /** The engine's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What the embedded control plane and its stacks run on. */
const toolNames: readonly ToolName[] = ["pulumi", "helm", ...controlPlaneTools];

const stateRoot = path.join(runtimeRoot, "state");
const passphraseFile = path.join(runtimeRoot, "passphrase");

/** The user's passphrase where one is set, else a random one that stays with the state. */
function passphrase(): Record<string, string> {
  const { PULUMI_CONFIG_PASSPHRASE: given, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  if (given !== undefined) return { PULUMI_CONFIG_PASSPHRASE: given };
  if (file !== undefined) return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
  if (!fs.existsSync(passphraseFile)) makePassphrase();
  return { PULUMI_CONFIG_PASSPHRASE: fs.readFileSync(passphraseFile, "utf8") };
}

/** Of two first runs at once one makes it; a link, unlike a move, replaces nothing. */
function makePassphrase(): void {
  const draft = `${passphraseFile}.${process.pid}`;
  fs.writeFileSync(draft, randomBytes(24).toString("base64url"), { mode: 0o600 });
  try {
    fs.linkSync(draft, passphraseFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    fs.rmSync(draft);
  }
}

/** Where the embedded stacks keep their state and how it is encrypted; needs no control plane. */
export function embeddedEnvironment(): Readonly<Record<string, string>> {
  fs.mkdirSync(stateRoot, { recursive: true });
  return {
    PULUMI_BACKEND_URL: pathToFileURL(stateRoot).href,
    ...passphrase(),
    KUBECONFIG: embeddedKubeconfig,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** A state that tells of objects in a control plane that is gone would only mislead. */
function dropState(progress: Progress): void {
  if (!fs.existsSync(stateRoot)) return;
  for (const folder of layoutOf().stackFolders) fs.rmSync(folder, { recursive: true, force: true });
  progress.line("the control plane was rebuilt empty: the state of the stacks that were on it is dropped, and everything is made anew");
}

/** Brings up tools, control plane and plugins, each only as far as it is not there yet. */
export async function startEmbedded(progress: Progress): Promise<Embedded> {
  adoptEarlierFolders();
  const tools = await ensureTools(toolNames, progress);
  await ensureCharts(tools.helm.path, progress);
  const controlPlane = await ensureControlPlane(tools, progress);
  if (controlPlane.rebuilt) dropState(progress);
  const plugins = await providerPlugins(tools.pulumi, tools, progress);
  const acquisition: Record<string, string> = plugins.length > 0 ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {};
  return { tools, controlPlane, plugins, env: { ...embeddedEnvironment(), ...acquisition, TRUSTPLANE_HELM: tools.helm.path } };
}
