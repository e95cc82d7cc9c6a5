import * as path from "node:path";
import { writeLauncher } from "../launcher";

/** A folder with the program that the engine starts for a provider. */
export interface StandIn {
  readonly name: string;
  readonly path: string;
}

/** What stands under `plugins` in project settings, for the engine to start these from their folders instead of looking for them. */
export function pluginSettings(providers: readonly StandIn[]): Readonly<Record<string, readonly StandIn[]>> {
  return { providers };
}

/**
 * Writes the launcher of a stand-in: `<name>/pulumi-resource-<name>`.
 *
 * @param root the folder for all launchers and for what Node keeps of their compiled code.
 * @param settings environment that only this plugin needs.
 */
export function writeStandIn(root: string, name: string, settings: Readonly<Record<string, string>>): StandIn {
  return writeProvider(root, name, settings, ["--require", require.resolve("../typescript"), path.join(__dirname, name, "main.ts")]);
}

/** Writes `<name>/pulumi-resource-<name>`, which hands its arguments to the Node that runs now, behind `args`. */
export function writeProvider(root: string, name: string, environment: Readonly<Record<string, string>>, args: readonly string[]): StandIn {
  const folder = path.join(root, name);
  const kept = { NODE_COMPILE_CACHE: path.join(root, "cache"), ...environment };
  writeLauncher(path.join(folder, `pulumi-resource-${name}`), kept, args);
  return { name, path: folder };
}
