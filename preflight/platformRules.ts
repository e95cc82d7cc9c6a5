import { CERT_MANAGER_RELEASE, ingressControllerValue } from "../components/platform/names";
import type { CertManagerArgs } from "../components/platform/certManager";
import type { IngressNginxConfig } from "../config/ingressNginx";
import type { Problem } from "../config/problem";
import type { CertManagerFact, ClusterFacts } from "./clusterFacts";

/** Pod Security admission, which the namespaces rely on, is stable since; @see https://kubernetes.io/docs/concepts/security/pod-security-admission/ */
const OLDEST_MINOR = 25;

/** Why the API server is too old. */
export function versionProblems(version: string): Problem[] {
  const [, major = "0", minor = "0"] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (Number(major) > 1 || Number(minor) >= OLDEST_MINOR) return [];
  const allowed = `Kubernetes 1.${OLDEST_MINOR} or newer: Pod Security admission is stable since`;
  return [{ path: "the API server", found: version, allowed, wayOut: "upgrade the cluster" }];
}

/** Why cert-manager can neither be installed nor used as the section says. */
export function certManagerProblems(config: CertManagerArgs, fact: CertManagerFact): Problem[] {
  return config.install ? installProblems(config, fact) : useProblems(config, fact);
}

/** Why the ingress class of the section cannot be made or used. */
export function ingressClassProblems(config: IngressNginxConfig | undefined, { ingressController }: ClusterFacts): Problem[] {
  if (config === undefined) return [];
  const path = "trustplane:ingressNginx.className";
  const ours = ingressControllerValue(config.className);
  if (!config.install && ingressController === undefined) {
    const found = `"${config.className}", and the cluster has no such IngressClass`;
    return [
      {
        path,
        found,
        allowed: "with install: false, an IngressClass that the cluster has",
        wayOut: "set install: true, or name another class",
      },
    ];
  }
  if (!config.install || ingressController === undefined || ingressController === ours) return [];
  const found = `"${config.className}", which belongs to the controller ${ingressController}`;
  const wayOut = "choose another className, or set install: false to use that controller";
  return [{ path, found, allowed: `a name that no other controller has taken (ours is ${ours})`, wayOut }];
}

function installProblems({ namespace }: CertManagerArgs, { namespaces, owner, ours }: CertManagerFact): Problem[] {
  const path = "trustplane:certManager.install";
  const allowed = "true only where there is no other cert-manager: two would fight over every Certificate";
  const foreign = namespaces.filter((each) => each !== namespace || !ours);
  if (foreign.length > 0) {
    const found = `true for namespace ${namespace}, and another cert-manager runs in namespace ${foreign.join(", ")}`;
    const place = `namespace: ${foreign[0] ?? namespace}`;
    return [{ path, found, allowed, wayOut: `set install: false and ${place}; where this program installed it there, set ${place} alone` }];
  }
  if (owner === undefined || owner === `${namespace}/${CERT_MANAGER_RELEASE}`) return [];
  const found = `true, and the CRDs of cert-manager belong to the Helm release ${owner}`;
  return [{ path, found, allowed, wayOut: "set install: false, or uninstall that release and delete its CRDs" }];
}

function useProblems({ namespace }: CertManagerArgs, { namespaces, certificatesServed }: CertManagerFact): Problem[] {
  if (!certificatesServed || namespaces.length === 0) {
    const found = certificatesServed
      ? "false, and the cluster has cert-manager's CRDs but no controller"
      : "false, and the cluster has no cert-manager";
    const wayOut = "set install: true, or install cert-manager: https://cert-manager.io/docs/installation/";
    return [{ path: "trustplane:certManager.install", found, allowed: "false only where cert-manager runs already", wayOut }];
  }
  if (namespaces.includes(namespace)) return [];
  const path = "trustplane:certManager.namespace";
  const allowed = "cert-manager's own namespace, where it looks for the CA Secrets of ClusterIssuers";
  return [{ path, found: `"${namespace}"`, allowed, wayOut: `set namespace: ${namespaces.join(" or ")}` }];
}
