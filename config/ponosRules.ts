import { dataPath } from "../components/ponos/agentConfiguration";
import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { foundText } from "./describeIssue";
import { ponosBundleProblems } from "./ponosBundleRules";
import { contradiction } from "./ponosContradiction";
import { ponosJobProblems } from "./ponosJobRules";
import type { GivenPonos, ReadablePonos } from "./ponosSchema";
import type { Contradiction } from "./problem";
import { amountOf } from "./quantity";

/** Classes of this name are known, without a look at the cluster, not to give what the agent's nodes could share. */
export const ONE_NODE_CLASSES = ["local-path"];

/** What contradicts itself in the section, and between it and the platform's CA, as far as that is this stack's. */
export function ponosProblems(given: ReadablePonos, certificateAuthority: GivenCertificateAuthority | undefined): Contradiction[] {
  return [
    ...dataDirProblems(given),
    ...classProblems(given),
    ...sizeProblems(given),
    ...proxyProblems(given),
    ...namespaceProblems(given),
    ...ponosJobProblems(given),
    ...ponosBundleProblems(given, certificateAuthority),
  ];
}

function dataDirProblems({ dataDir }: ReadablePonos): Contradiction[] {
  if (dataDir === undefined || dataDir === dataPath || dataDir.startsWith(`${dataPath}/`)) return [];
  const allowed = `${dataPath} or a folder below it: that is where the volume is mounted, in the agent as in its jobs`;
  return [contradiction("dataDir", [], foundText(dataDir), allowed, `write ${dataPath}, or remove it`)];
}

function classProblems({ storage }: ReadablePonos): Contradiction[] {
  if (storage === undefined || !wantsSharing(storage) || !ONE_NODE_CLASSES.includes(storage.storageClass ?? "")) return [];
  const found = `${foundText(storage.storageClass)} with accessMode: ReadWriteMany`;
  const allowed =
    "a class that gives ReadWriteMany (NFS, CephFS, a cloud's file storage): as it is shipped, local-path gives one node's disk, and the claim would wait for ever";
  return [contradiction("storage.storageClass", ["storage.accessMode", "storage.assumeReadWriteMany"], found, allowed, SHARING_WAY_OUT)];
}

/** What to do where a class gives no ReadWriteMany. */
export const SHARING_WAY_OUT =
  "choose another class; or accessMode: ReadWriteOnce on a cluster of one node; or assumeReadWriteMany: true where this class is set up to share";

/** Whether several nodes are to mount the volumes, and nobody vouches for the class. */
export function wantsSharing({
  accessMode,
  assumeReadWriteMany,
}: Pick<GivenPonos["storage"], "accessMode" | "assumeReadWriteMany">): boolean {
  return accessMode === "ReadWriteMany" && !assumeReadWriteMany;
}

function sizeProblems({ storage }: ReadablePonos): Contradiction[] {
  if (storage === undefined || amountOf(storage.size) > 0) return [];
  return [
    contradiction("storage.size", [], foundText(storage.size), "more than nothing: a claim asks for storage", 'write "100Gi", for example'),
  ];
}

function proxyProblems({ proxy }: ReadablePonos): Contradiction[] {
  if (proxy === undefined || proxy.http !== undefined || proxy.https !== undefined) return [];
  return [
    contradiction("proxy", [], foundText(proxy), "http, https or both: without them there is no proxy", "add one of them, or remove proxy"),
  ];
}

function namespaceProblems({ namespace }: ReadablePonos): Contradiction[] {
  if (namespace === undefined || !namespace.startsWith("kube-")) return [];
  const allowed = "a namespace that is not Kubernetes' own (kube-…): the agent's jobs run in it";
  return [contradiction("namespace", [], foundText(namespace), allowed, "choose another one, or remove it for default")];
}
