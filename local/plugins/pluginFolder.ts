import * as path from "node:path";
import { writeLauncher } from "../launcher";

/** A folder with the program that the engine starts for a provider. */
export interface PluginFolder {
  readonly name: string;
  readonly path: string;
  /** Of the official plugin; undefined for a program of this project. */
  readonly version?: string;
}

/** What stands under `plugins` in project settings, for the engine to start these from their folders instead of looking for them. */
export function pluginSettings(providers: readonly PluginFolder[]): Readonly<Record<string, readonly object[]>> {
  return { providers: providers.map(({ name, path: folder }) => ({ name, path: folder })) };
}

/**
 * Writes the launcher of a stand-in: `<name>/pulumi-resource-<name>`.
 *
 * @param root the folder for all launchers and for what Node keeps of their compiled code.
 * @param settings environment that only this plugin needs.
 */
export function writeStandIn(root: string, name: string, settings: Readonly<Record<string, string>>): PluginFolder {
  return writeProvider(root, name, settings, ["--require", require.resolve("../typescript"), path.join(__dirname, name, "main.ts")]);
}

/** Writes `<name>/pulumi-resource-<name>`, which hands its arguments to the Node that runs now, behind `args`. */
export function writeProvider(
  root: string,
  name: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
): PluginFolder {
  const folder = path.join(root, name);
  const kept = { NODE_COMPILE_CACHE: path.join(root, "cache"), ...environment };
  writeLauncher(path.join(folder, `pulumi-resource-${name}`), kept, args);
  return { name, path: folder };
}
