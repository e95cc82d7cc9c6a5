import { own } from "../frameworks";
import { objectName, objectNamespace, ofKind } from "../stackObjects";
import type { StackFinding, StackResource, StackRule } from "../rule";
import { certificateTypes } from "./authorities";
import { privateKeyType } from "./keys";

function unprotected(resources: readonly StackResource[], what: string): readonly StackFinding[] {
  return resources
    .filter(({ protect }) => !protect)
    .map((resource) => ({ resource, message: `${what} is not protected; it cannot be made again. Set protect` }));
}

/** Roots, and the keys that they are made with. */
function authorities(resources: readonly StackResource[]): readonly (readonly StackResource[])[] {
  const roots = resources.filter(({ type, props }) => type === certificateTypes[0] && props.at("isCaCertificate").flag() === true);
  const keys = roots.flatMap(({ sources }) => (sources["privateKeyPem"] ?? []).filter(({ type }) => type === privateKeyType));
  return [roots, [...new Set(keys)]];
}

export const requireProtectedKeys: StackRule = {
  name: "require-protected-keys",
  title: "Keys and certificates of a CA are protected, where the stack says so (trustplane:policies.protect).",
  severity: "critical",
  level: "mandatory",
  frameworks: [own("what cannot be made again")],
  remediation: ["Write certificateAuthority.protect: true in the stack's file."],
  judgeStack: (resources, { protect }) => {
    const [roots = [], keys = []] = authorities(resources);
    if (roots.length === 0) return undefined;
    return protect ? [...unprotected(keys, "the CA's key"), ...unprotected(roots, "the CA's certificate")] : [];
  },
};

export const requireProtectedData: StackRule = {
  name: "require-protected-data",
  title: "Data volumes and the namespaces that hold them are protected, where the stack says so (trustplane:policies.protect).",
  severity: "critical",
  level: "mandatory",
  frameworks: [own("what cannot be made again")],
  remediation: ["Write protect: true in the system's section of the stack's file."],
  judgeStack: (resources, { protect }) => {
    const claims = ofKind(resources, "", "PersistentVolumeClaim");
    if (claims.length === 0) return undefined;
    const places = new Set(claims.map(objectNamespace));
    const namespaces = ofKind(resources, "", "Namespace").filter((namespace) => places.has(objectName(namespace)));
    return protect ? [...unprotected(claims, "the data volume"), ...unprotected(namespaces, "the namespace of a data volume")] : [];
  },
};

export const protectionRules = [requireProtectedKeys, requireProtectedData];
