import deepEqual from "fast-deep-equal";
import { isUnknown, unwrap } from "../server/values";
import type { DiffRequest, DiffResult, Json, JsonObject } from "../server/provider";
import { readKubeconfig } from "./kubeconfig";
import { kubeconfigText } from "./settings";

const IDENTIFIER = "clusterIdentifier";
/** The inputs that choose the cluster. */
const choosing = ["kubeconfig", "context", "cluster"];

/**
 * What a change of the provider's own inputs means for its resources: they are replaced when the cluster changes. With `clusterIdentifier` the
 * cluster is what the identifier says, whatever the kubeconfig; without it, the active cluster's entry in the kubeconfig.
 * @throws Error when a kubeconfig cannot be read
 */
export function diffConfig(request: DiffRequest): DiffResult {
  const olds = unwrap(request.oldInputs);
  const news = unwrap(request.newInputs);
  const diffs = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => !deepEqual(olds[key], news[key]));
  if (diffs.length === 0) return { changes: false };
  const unknown = choosing.find((key) => isUnknown(news[key]));
  const replaces = unknown === undefined ? clusterChanges(olds, news, diffs) : [unknown];
  return { changes: true, diffs: unknown === undefined ? diffs : [unknown], replaces: byIdentifier(olds, news, replaces) };
}

function byIdentifier(olds: JsonObject, news: JsonObject, replaces: readonly string[]): readonly string[] {
  const [old, now] = [olds[IDENTIFIER], news[IDENTIFIER]];
  if (now !== undefined && deepEqual(old, now)) return [];
  return old !== undefined && now !== undefined ? [IDENTIFIER, ...replaces] : replaces;
}

function clusterChanges(olds: JsonObject, news: JsonObject, diffs: readonly string[]): readonly string[] {
  const [old, now] = [activeCluster(olds), activeCluster(news)];
  if (old === undefined || now === undefined || deepEqual(old, now)) return [];
  return choosing.filter((key) => diffs.includes(key));
}

/** The active cluster's entry, without its name; undefined without a kubeconfig, or when there is no such entry. */
function activeCluster(inputs: JsonObject): Json | undefined {
  const text = kubeconfigText(inputs.kubeconfig);
  if (text === undefined) return undefined;
  const kubeconfig = parse(text);
  const context = typeof inputs.context === "string" ? inputs.context : kubeconfig.currentContext;
  const name = typeof inputs.cluster === "string" ? inputs.cluster : kubeconfig.getContextObject(context)?.cluster;
  const cluster = name === undefined ? null : kubeconfig.getCluster(name);
  return cluster === null ? undefined : (JSON.parse(JSON.stringify({ ...cluster, name: "" })) as Json);
}

function parse(text: string): ReturnType<typeof readKubeconfig> {
  try {
    return readKubeconfig(text);
  } catch (error) {
    throw new Error(`failed to parse kubeconfig: ${error instanceof Error ? error.message : String(error)}`);
  }
}
