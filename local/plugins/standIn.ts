import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../paths";

/** A folder with the program that the engine starts for a provider. */
export interface StandIn {
  readonly name: string;
  readonly path: string;
}

/**
 * Writes the launcher of a stand-in: `<name>/pulumi-resource-<name>`.
 *
 * @param root the folder for all launchers and for what Node keeps of their compiled code.
 * @param settings environment that only this plugin needs.
 */
export function writeStandIn(root: string, name: string, settings: Readonly<Record<string, string>>): StandIn {
  const folder = path.join(root, name);
  const file = path.join(folder, `pulumi-resource-${name}`);
  fs.mkdirSync(folder, { recursive: true });
  // Written beside and moved, so that an engine that starts it at this moment never reads half of it.
  const draft = `${file}.${process.pid.toString()}`;
  fs.writeFileSync(draft, script(root, name, settings), { mode: 0o755 });
  fs.renameSync(draft, file);
  return { name, path: folder };
}

function script(root: string, name: string, settings: Readonly<Record<string, string>>): string {
  const environment = {
    TS_NODE_TRANSPILE_ONLY: "true",
    TS_NODE_PROJECT: path.join(projectRoot, "tsconfig.json"),
    NODE_COMPILE_CACHE: path.join(root, "cache"),
    ...settings,
  };
  const assignments = Object.entries(environment).map(([key, value]) => `export ${key}=${quoted(value)}\n`);
  const command = [process.execPath, "--require", require.resolve("ts-node/register"), path.join(__dirname, name, "main.ts")];
  return `#!/bin/sh\n${assignments.join("")}exec ${command.map(quoted).join(" ")} "$@"\n`;
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
