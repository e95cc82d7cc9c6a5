import * as fs from "node:fs";
import * as path from "node:path";
import { replaceFile } from "../replaceFile";
import { shellQuoted } from "../shellQuoted";

/** A folder with the program that the engine starts for a provider. */
export interface StandIn {
  readonly name: string;
  readonly path: string;
}

/** What stands under `plugins` in project settings, for the engine to start these from their folders instead of looking for them. */
export function pluginSettings(plugins: readonly StandIn[]): Readonly<Record<string, readonly { name: string; path: string }[]>> {
  return { providers: plugins.map(({ name, path: folder }) => ({ name, path: folder })) };
}

/**
 * Writes the launcher of a stand-in: `<name>/pulumi-resource-<name>`.
 *
 * @param root the folder for all launchers and for what Node keeps of their compiled code.
 * @param settings environment that only this plugin needs.
 */
export function writeStandIn(root: string, name: string, settings: Readonly<Record<string, string>>): StandIn {
  return writeLauncher(root, name, settings, ["--require", require.resolve("../typescript"), path.join(__dirname, name, "main.ts")]);
}

/** Writes `<name>/pulumi-resource-<name>`, which hands its arguments to the Node that runs now, behind `args`. */
export function writeLauncher(root: string, name: string, environment: Readonly<Record<string, string>>, args: readonly string[]): StandIn {
  const folder = path.join(root, name);
  const file = path.join(folder, `pulumi-resource-${name}`);
  fs.mkdirSync(folder, { recursive: true });
  replaceFile(file, script({ NODE_COMPILE_CACHE: path.join(root, "cache"), ...environment }, args), 0o755);
  return { name, path: folder };
}

function script(environment: Readonly<Record<string, string>>, args: readonly string[]): string {
  const assignments = Object.entries(environment).map(([key, value]) => `export ${key}=${shellQuoted(value)}\n`);
  return `#!/bin/sh\n${assignments.join("")}exec ${[process.execPath, ...args].map(shellQuoted).join(" ")} "$@"\n`;
}
