import * as fs from "node:fs";
import * as path from "node:path";
import type { Tools } from "../toolchain/ensureTools";
import { missingPki } from "./credentials";
import type { Layout } from "./layout";
import type { ControlPlaneRecord } from "./record";

/** Whether etcd has ever written data here. */
export function hasData(layout: Layout): boolean {
  return fs.existsSync(path.join(layout.etcdData, "member"));
}

/** Whether a stack's state says that something was deployed here. */
export function hasStacks(layout: Layout): boolean {
  return layout.stackFolders.some((folder) => fs.existsSync(folder) && fs.readdirSync(folder).length > 0);
}

function minor(version: string): number {
  return Number(version.split(".")[1]);
}

/** Why the saved data cannot be served, before anything was tried; undefined where it can or where there is none. */
export function unusableBecause(layout: Layout, record: ControlPlaneRecord | undefined, tools: Tools): string | undefined {
  if (!hasData(layout)) return undefined;
  const [missing] = missingPki(layout);
  if (missing !== undefined) return `${missing} is missing`;
  const wanted = tools["kube-apiserver"].version;
  if (record !== undefined && minor(record.kubernetes) > minor(wanted))
    return `its data is Kubernetes ${record.kubernetes}'s, which ${wanted} cannot read`;
  return undefined;
}

/** Removes what an interrupted creation has left; kwokctl would take half of the certificates for all of them. */
export function removeUnfinished(layout: Layout): void {
  if (missingPki(layout).length > 0) fs.rmSync(layout.kwok, { recursive: true, force: true });
}

/** Moves the cluster and the state of its stacks out of the way, replacing what an earlier rebuild had moved. Gives the folder. */
export function setAside(layout: Layout): string {
  fs.rmSync(layout.setAside, { recursive: true, force: true });
  fs.mkdirSync(layout.setAside, { recursive: true, mode: 0o700 });
  // The stacks first: without its state a stack is only deployed anew, while a state without its cluster would mislead the engine.
  for (const folder of [...layout.stackFolders, layout.kwok]) {
    if (fs.existsSync(folder)) fs.renameSync(folder, path.join(layout.setAside, path.basename(folder)));
  }
  return layout.setAside;
}
