import * as fs from "node:fs";
import * as path from "node:path";
import { KubeConfig } from "@kubernetes/client-node";

/**
 * Reads a kubeconfig given as its text or as the path of its file.
 * Relative paths inside a file are relative to the file.
 * @throws Error when it is no kubeconfig, or has no such context.
 */
export function readKubeconfig(textOrPath: string, context?: string): KubeConfig {
  const kubeconfig = new KubeConfig();
  const file = existingFile(textOrPath);
  if (file === undefined) {
    kubeconfig.loadFromString(textOrPath);
  } else {
    kubeconfig.loadFromFile(file);
    kubeconfig.makePathsAbsolute(path.dirname(file));
  }
  if (context !== undefined) kubeconfig.setCurrentContext(context);
  if (kubeconfig.getContextObject(kubeconfig.currentContext) === null) {
    throw new Error(`context "${kubeconfig.currentContext}" does not exist`);
  }
  return kubeconfig;
}

function existingFile(textOrPath: string): string | undefined {
  if (textOrPath.includes("\n")) return undefined;
  const file = textOrPath.replace(/^~(?=\/)/, process.env.HOME ?? "~");
  return fs.existsSync(file) ? file : undefined;
}
