import deepEqual from "fast-deep-equal";
import { isUnknown, unwrap } from "../server/values";
import type { DiffRequest, DiffResult, Json, JsonObject } from "../server/provider";
import { Kubeconfig } from "./kubeconfig";
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

/** The active cluster's entry; undefined without a kubeconfig, or when it has no such context. */
function activeCluster(inputs: JsonObject): Json | undefined {
  const text = kubeconfigText(inputs.kubeconfig);
  if (text === undefined) return undefined;
  const kubeconfig = parse(text);
  try {
    return kubeconfig.with(chosen(inputs.context), chosen(inputs.cluster)).cluster;
  } catch {
    return undefined;
  }
}

function chosen(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function parse(text: string): Kubeconfig {
  try {
    return Kubeconfig.read(text);
  } catch (error) {
    throw new Error(`failed to parse kubeconfig: ${error instanceof Error ? error.message : String(error)}`);
  }
}
