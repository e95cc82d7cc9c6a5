import { certificateHours, certificateSpec, isCertificateAuthority } from "../certManagerResources";
import { own } from "../frameworks";
import type { Reading } from "../reading";
import type { StackFinding, StackResource, StackRule } from "../rule";
import { certificateTypes } from "./authorities";

/** The certificate that signs another, and the shortest life of the stack's roots where that is not known. */
function signers(resource: StackResource): readonly StackResource[] {
  return (resource.sources["caCertPem"] ?? []).filter(({ type }) => certificateTypes.includes(type));
}

function longerThanSigner(resource: StackResource): readonly StackFinding[] {
  const hours = resource.props.at("validityPeriodHours").number();
  const limits = signers(resource).flatMap(({ props }) => props.at("validityPeriodHours").number() ?? []);
  const limit = Math.min(...limits);
  if (hours === undefined || hours < limit) return [];
  return [{ resource, message: `is valid for ${hours} hours, its CA for ${limit}; a leaf must end before its CA` }];
}

function longerThanRoots(resource: StackResource, spec: Reading, limit: number): readonly StackFinding[] {
  const hours = certificateHours(spec);
  if (isCertificateAuthority(spec) || hours === undefined || hours < limit) return [];
  return [{ resource, message: `is valid for ${hours} hours, the stack's CA for ${limit}; a leaf must end before its CA` }];
}

export const requireShorterLeaves: StackRule = {
  name: "require-shorter-leaves",
  title: "A certificate ends before the CA that signed it.",
  severity: "high",
  level: "mandatory",
  frameworks: [own("certificates")],
  remediation: ["Lower the certificate's duration, or make a CA of the next generation."],
  judgeStack: (resources) => {
    const signed = resources.filter(({ type }) => type === certificateTypes[1]);
    const leaves = resources.flatMap((resource) => {
      const spec = certificateSpec(resource);
      return spec === undefined ? [] : [{ resource, spec }];
    });
    const roots = resources.filter(({ type, props }) => type === certificateTypes[0] && props.at("isCaCertificate").flag() === true);
    const limit = Math.min(...roots.flatMap(({ props }) => props.at("validityPeriodHours").number() ?? []));
    if (signed.length + leaves.length === 0) return undefined;
    return [...signed.flatMap(longerThanSigner), ...leaves.flatMap(({ resource, spec }) => longerThanRoots(resource, spec, limit))];
  },
};
