import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { Workspace } from "@pulumi/pulumi/automation";
import { type Deployment, stackOutputs } from "./deployment";

/** A backend that ends with the process, for a stack that its own does not have. */
export interface ThrowAwayBackend {
  /** A folder for the engine to run in, which ends as well. */
  readonly workFolder: string;
  /** The engine's environment: the backend, and a passphrase where none is set. */
  readonly env: Readonly<Record<string, string>>;
}

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

/** @param env the environment that the engine has otherwise */
export function throwAwayBackend(env: Readonly<Record<string, string>>): ThrowAwayBackend {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "trustplane-preview-"));
  folders.push(folder);
  const state = path.join(folder, "state");
  fs.mkdirSync(state);
  const all = { ...process.env, ...env };
  const isSet = (all.PULUMI_CONFIG_PASSPHRASE ?? all.PULUMI_CONFIG_PASSPHRASE_FILE) !== undefined;
  const passphrase: Record<string, string> = isSet ? {} : { PULUMI_CONFIG_PASSPHRASE: randomBytes(24).toString("base64url") };
  return { workFolder: path.join(folder, "work"), env: { ...env, PULUMI_BACKEND_URL: pathToFileURL(state).href, ...passphrase } };
}

/** Puts a stack with the outputs that another reads into a backend, without their secrets and without resources. */
export async function putOutputs(workspace: Workspace, stack: string, project: string, deployment: Deployment): Promise<void> {
  const type = "pulumi:pulumi:Stack";
  const urn = `urn:pulumi:${stack}::${project}::${type}::${project}-${stack}`;
  const resources = [{ urn, type, custom: false, outputs: stackOutputs(deployment, false) ?? {} }];
  await workspace.createStack(stack);
  await workspace.importStack(stack, {
    version: 3,
    deployment: { manifest: { time: new Date().toISOString(), magic: "", version: "" }, resources },
  });
}
