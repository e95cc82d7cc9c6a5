import { dataPath } from "../components/ponos/agentConfiguration";
import { proxyEnvironment, trustEnvironment } from "../components/ponos/agentEnvironment";
import { trustBundleName } from "../components/platform/trustBundle";
import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { foundText } from "./describeIssue";
import type { GivenPonos, ReadablePonos } from "./ponosSchema";
import type { Contradiction } from "./problem";
import { amountOf } from "./quantity";

/** Classes of this name are known, without a look at the cluster, not to give what the agent's nodes could share. */
const ONE_NODE_CLASSES = ["local-path"];

/** What contradicts itself in the section, and between it and the platform's CA, as far as that is this stack's. */
export function ponosProblems(given: ReadablePonos, certificateAuthority: GivenCertificateAuthority | undefined): Contradiction[] {
  return [
    ...dataDirProblems(given),
    ...claimProblems(given),
    ...mountProblems(given),
    ...environmentProblems(given),
    ...classProblems(given),
    ...sizeProblems(given),
    ...proxyProblems(given),
    ...namespaceProblems(given),
    ...bundleProblems(given, certificateAuthority),
  ];
}

function contradiction(path: string, reads: readonly string[], found: string, allowed: string, wayOut: string): Contradiction {
  const full = (key: string): string => `ponos.${key}`;
  return { path: full(path), reads: [path, ...reads].map(full), found, allowed, wayOut };
}

function dataDirProblems({ dataDir }: ReadablePonos): Contradiction[] {
  if (dataDir === undefined || dataDir === dataPath || dataDir.startsWith(`${dataPath}/`)) return [];
  const allowed = `${dataPath} or a folder below it: that is where the volume is mounted, in the agent as in its jobs`;
  return [contradiction("dataDir", [], foundText(dataDir), allowed, `write ${dataPath}, or remove it`)];
}

/** A claim has one purpose, and the ConfigMap of the CA's claim bears that claim's name. */
function claimProblems({ storage, caBundle }: ReadablePonos): Contradiction[] {
  if (caBundle === undefined || !caBundle.enabled) return [];
  const path = "caBundle.claimName";
  const found = foundText(caBundle.claimName);
  if (caBundle.claimName === trustBundleName) {
    const allowed = "a name that no other ConfigMap has: this one is the platform's own bundle's";
    return [contradiction(path, [], found, allowed, "choose another name, or remove it for my-ca-bundle")];
  }
  if (caBundle.claimName !== storage?.claimName) return [];
  const allowed = "another name than storage.claimName: a claim is one volume";
  return [contradiction(path, ["storage.claimName"], found, allowed, "choose another name, or remove it for my-ca-bundle")];
}

function mountProblems({ caBundle, extraVolumes = [] }: ReadablePonos): Contradiction[] {
  const taken = [
    { path: dataPath, name: "", why: "the data volume's" },
    ...(caBundle?.enabled === true ? [{ path: caBundle.mountPath, name: "company-ca", why: "caBundle's" }] : []),
  ];
  const clash = extraVolumes.flatMap(({ mountPath, name }, index) => {
    const holder = taken.find((each) => each.path === mountPath || each.name === name);
    taken.push({ path: mountPath, name, why: `extraVolumes[${index}]'s` });
    if (holder === undefined) return [];
    const key = holder.path === mountPath ? "mountPath" : "name";
    const found = foundText(key === "name" ? name : mountPath);
    const allowed = `a ${key} of its own: this one is ${holder.why} already`;
    return [contradiction(`extraVolumes[${index}].${key}`, ["extraVolumes", "caBundle"], found, allowed, "choose another one")];
  });
  return clash;
}

function environmentProblems({ caBundle, extraEnvironment = {}, proxy }: ReadablePonos): Contradiction[] {
  const set = {
    ...(caBundle?.enabled === true ? names(trustEnvironment("", caBundle.variables), "caBundle") : {}),
    ...names(proxyEnvironment(proxy), "proxy"),
  };
  return Object.entries(extraEnvironment).flatMap(([name, value]) => {
    const section = set[name];
    if (section === undefined) return [];
    const allowed = `a variable that nothing else sets: ${section} does`;
    return [contradiction(`extraEnvironment.${name}`, [section], foundText(value), allowed, `remove it, or change ${section}`)];
  });
}

function names(environment: Readonly<Record<string, string>>, section: string): Record<string, string> {
  return Object.fromEntries(Object.keys(environment).map((name) => [name, section]));
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
export function wantsSharing({ accessMode, assumeReadWriteMany }: GivenPonos["storage"]): boolean {
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

function bundleProblems({ caBundle }: ReadablePonos, certificateAuthority: GivenCertificateAuthority | undefined): Contradiction[] {
  const issuer = certificateAuthority?.issuer;
  if (caBundle === undefined || !caBundle.enabled || caBundle.publicRoots) return [];
  if (issuer === undefined || issuer.caBundle !== undefined) return [];
  const path = "ponos.caBundle.publicRoots";
  const reads = [path, "ponos.caBundle.enabled", "certificateAuthority.issuer"];
  const found = `false, and trustplane:certificateAuthority.issuer ${JSON.stringify(issuer.name)} is a public one: it has no caBundle`;
  const allowed = "true where no private CA is known: the bundle would be empty, and its variables replace the system's roots";
  return [{ path, reads, found, allowed, wayOut: "remove it, set caBundle.enabled: false, or set certificateAuthority.issuer.caBundle" }];
}
