import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { embeddedKubeconfig, runtimeRoot, workRoot } from "./paths";

/** The folders in which the engine runs for stacks on the embedded control plane. They go with it, and those of other stacks stay. */
export const embeddedWorkRoot = path.join(runtimeRoot, "embedded");

interface StackSettings {
  readonly config?: { readonly "trustplane:cluster"?: { readonly kubeconfig?: unknown } };
}

function isEmbedded(stack: string): boolean {
  const file = path.join(workRoot, stack, `Pulumi.${stack}.yaml`);
  if (!fs.existsSync(file)) return false;
  const settings = parse(fs.readFileSync(file, "utf8")) as StackSettings | null;
  return settings?.config?.["trustplane:cluster"]?.kubeconfig === embeddedKubeconfig;
}

/** Moves the folders of embedded stacks from where version 0.1.0 had them, among those of all stacks: the keys of the stacks' secrets are in them. */
export function adoptEarlierFolders(): void {
  if (!fs.existsSync(workRoot)) return;
  for (const stack of fs.readdirSync(workRoot).filter(isEmbedded)) {
    const place = path.join(embeddedWorkRoot, stack);
    if (fs.existsSync(place)) continue;
    fs.mkdirSync(embeddedWorkRoot, { recursive: true });
    fs.renameSync(path.join(workRoot, stack), place);
  }
}
