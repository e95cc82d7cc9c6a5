import type { GivenCertificateAuthority } from "./certificateAuthoritySchema";
import { foundText } from "./describeIssue";
import { durationHours } from "./duration";
import type { GivenIngressNginx } from "./ingressNginx";
import type { Contradiction } from "./problem";
import { amountOf } from "./quantity";
import { contradiction, type Finding } from "./workersContradiction";
import { REGISTRY_LEAF_DURATION } from "./workersRegistry";
import type { GivenRegistry } from "./workersRegistrySchema";

/** The sections that the registry stands on and beside, as far as they can be read. */
export interface RegistrySections {
  readonly ingressNginx?: GivenIngressNginx | undefined;
  readonly certificateAuthority?: GivenCertificateAuthority | undefined;
}

/** What contradicts itself in `workers.registry`, and between it and other sections. */
export function registryProblems(given: GivenRegistry, sections: RegistrySections): Contradiction[] {
  return [
    ...userProblems(given),
    ...hostProblems(given),
    ...namespaceProblems(given),
    ...sizeProblems(given),
    ...certificateProblems(given),
    ...renewalProblems(given),
    ...(given.exposure.type === "ingress" ? ingressProblems(given.exposure, sections) : []),
  ];
}

function problem(at: readonly PropertyKey[], reads: readonly string[], finding: Finding): Contradiction {
  return contradiction(["registry", ...at], reads, finding);
}

function userProblems({ users }: GivenRegistry): Contradiction[] {
  return users.flatMap((user, index) => {
    const first = users.indexOf(user);
    if (first === index) return [];
    const found = `${foundText(user)}, which is workers.registry.users[${first}] too`;
    return [problem(["users", index], [], { found, allowed: "each user once: a user has one password", wayOut: "remove one of them" })];
  });
}

/** Only the cluster's own DNS knows these names. */
const CLUSTER_NAMES = /(^|\.)(svc|cluster\.local)$/;

/** A node's container runtime asks the node's DNS. */
function hostProblems({ host, trustedByNodes }: GivenRegistry): Contradiction[] {
  if (!trustedByNodes || (host.includes(".") && !CLUSTER_NAMES.test(host))) return [];
  const why = host.includes(".")
    ? "the cluster's own DNS alone knows .svc and .cluster.local"
    : "a name of one label is found, if at all, by a search list";
  return [
    problem(["host"], ["workers.registry.trustedByNodes"], {
      found: `${foundText(host)} with trustedByNodes: true`,
      allowed: `a name that the nodes' own DNS resolves, since they pull and not the pods; ${why}`,
      wayOut: "write a name like registry.example.org that leads to the registry, or remove trustedByNodes and pull from elsewhere",
    }),
  ];
}

function namespaceProblems({ namespace }: GivenRegistry): Contradiction[] {
  if (namespace !== "default" && !namespace.startsWith("kube-")) return [];
  const allowed = "a namespace of its own: it is made, at the Pod Security level restricted, and stays on destroy";
  return [
    problem(["namespace"], [], { found: foundText(namespace), allowed, wayOut: "choose another one, or remove it for image-registry" }),
  ];
}

function sizeProblems({ storage }: GivenRegistry): Contradiction[] {
  if (storage.type !== "volume" || amountOf(storage.size) > 0) return [];
  const allowed = "more than nothing: a claim asks for storage";
  return [problem(["storage", "size"], [], { found: foundText(storage.size), allowed, wayOut: 'write "100Gi", for example' })];
}

function certificateProblems({ certificate }: GivenRegistry): Contradiction[] {
  if (certificate.secretName === undefined) return [];
  return (["duration", "renewBefore", "issuer"] as const)
    .filter((key) => certificate[key] !== undefined)
    .map((key) =>
      problem(["certificate", key], ["workers.registry.certificate.secretName"], {
        found: `${foundText(certificate[key])}, and secretName is ${foundText(certificate.secretName)}`,
        allowed: "nothing beside secretName: the leaf of that Secret is given, and nobody issues it here",
        wayOut: "remove it, or remove secretName",
      }),
    );
}

/** @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec */
function renewalProblems({ certificate }: GivenRegistry): Contradiction[] {
  const { renewBefore, duration = REGISTRY_LEAF_DURATION } = certificate;
  if (renewBefore === undefined || durationHours(renewBefore) < durationHours(duration)) return [];
  const found = `${foundText(renewBefore)}, and the leaf is valid for ${duration}`;
  const allowed = "less than certificate.duration: cert-manager refuses a Certificate that is due before it is issued";
  const wayOut = "shorten it, or remove it to renew after two thirds of the duration";
  return [problem(["certificate", "renewBefore"], ["workers.registry.certificate.duration"], { found, allowed, wayOut })];
}

type Ingress = Extract<GivenRegistry["exposure"], { readonly type: "ingress" }>;

function ingressProblems({ className, port }: Ingress, { certificateAuthority, ingressNginx }: RegistrySections): Contradiction[] {
  const issuer = certificateAuthority?.issuer;
  const at = ["exposure", "type"];
  const public_ = issuer !== undefined && issuer.caBundle === undefined;
  return [
    ...(className === undefined && ingressNginx === undefined ? [problem(at, ["ingressNginx", "platform"], noController)] : []),
    ...(className === undefined && port !== undefined ? [problem(["exposure", "port"], [], portOfOurs(port))] : []),
    ...(public_ ? [problem(at, ["certificateAuthority.issuer"], publicIssuer(issuer.name))] : []),
  ];
}

const noController: Finding = {
  found: '"ingress" without className, and trustplane:ingressNginx is absent',
  allowed: "an ingress that this stack has, or the class of one that the cluster has",
  wayOut: "add trustplane:ingressNginx, set exposure.className, or choose another exposure (loadBalancer, nodePort)",
};

function portOfOurs(port: number): Finding {
  return {
    found: `${port} without className`,
    allowed: "nothing without className: the port of this stack's ingress is trustplane:ingressNginx.exposure's",
    wayOut: "remove it, or name the class whose controller has that port",
  };
}

function publicIssuer(name: string): Finding {
  return {
    found: `"ingress", and trustplane:certificateAuthority.issuer ${JSON.stringify(name)} is a public one: it has no caBundle`,
    allowed: "ingress only with a private CA: no public one signs the name by which the ingress verifies the registry inside the cluster",
    wayOut: "set certificateAuthority.issuer.caBundle if that CA is private, or choose another exposure (loadBalancer, nodePort)",
  };
}
