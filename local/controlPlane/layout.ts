import * as path from "node:path";
import { runtimeRoot } from "../paths";

/** kwokctl's name of the cluster. Clones do not meet: each has a work folder and ports of its own. */
export const clusterName = "trustplane";

/** Where one embedded control plane keeps its things; all paths are absolute and under `root`. */
export interface Layout {
  readonly root: string;
  /** kwokctl's work folder; the paths up to `kubernetesLogs` lie in it. */
  readonly kwok: string;
  /** Holds the executables' links. Its path tells this clone's processes from all others. */
  readonly bin: string;
  readonly pids: string;
  readonly pki: string;
  readonly etcdData: string;
  readonly kubernetesLogs: string;
  /** Files that kwokctl generates from the settings. */
  readonly generated: readonly string[];
  /** The settings handed to kwokctl. */
  readonly settings: string;
  /** The API server's settings for connections to Services and nodes. */
  readonly egress: string;
  readonly record: string;
  readonly kubeconfig: string;
  readonly certManagerLog: string;
  readonly lock: string;
  /** What a rebuild put aside, until the next one. */
  readonly setAside: string;
  /** The Pulumi state and the work folders of the stacks on this control plane, which are worthless without it. */
  readonly stackFolders: readonly string[];
}

/** The layout under `root`. @default `.trustplane` in the project's folder, or `TRUSTPLANE_HOME` */
export function layoutOf(root: string = runtimeRoot): Layout {
  const kwok = path.join(root, "kwok");
  const cluster = path.join(kwok, "clusters", clusterName);
  return {
    root,
    kwok,
    bin: path.join(cluster, "bin"),
    pids: path.join(cluster, "pids"),
    pki: path.join(cluster, "pki"),
    etcdData: path.join(cluster, "etcd"),
    kubernetesLogs: path.join(cluster, "logs"),
    generated: ["bin", "kwok.yaml", "kubeconfig.yaml"].map((name) => path.join(cluster, name)),
    settings: path.join(kwok, "kwokctl.yaml"),
    egress: path.join(kwok, "egress.yaml"),
    record: path.join(root, "control-plane.json"),
    kubeconfig: path.join(root, "kubeconfig"),
    certManagerLog: path.join(root, "logs", "cert-manager.log"),
    lock: path.join(root, "control-plane.lock"),
    setAside: path.join(root, "set-aside"),
    stackFolders: [path.join(root, "state"), path.join(root, "embedded")],
  };
}
