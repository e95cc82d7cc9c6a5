import { X509Certificate } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { shortName, type StateResource } from "../deployment";
import { at, textAt, textsAt } from "../valueAt";
import { DependencyGraph } from "./dependencyGraph";
import type { CertificateChange, CertificateFacts } from "./previewReport";

const ownCertificate = /^tls:index\/(?:selfSignedCert:SelfSignedCert|locallySignedCert:LocallySignedCert)$/;
const certManagerCertificate = /^kubernetes:cert-manager\.io\/v1:Certificate$/;

/** Kinds that hold or serve a certificate, and so have to take up another. */
const consuming =
  /:(?:Deployment|StatefulSet|DaemonSet|Job|CronJob|Pod|Release|Secret|ConfigMap|Ingress|ClusterIssuer|Issuer|Certificate|SelfSignedCert|LocallySignedCert)$/;

type Certificate = Pick<StepEventMetadata, "op" | "urn" | "type"> & Partial<Pick<StepEventMetadata, "old" | "new">>;

/** Certificates that are made, replaced or taken away, with who has to take up the new one by the state before. */
export function certificateDelta(steps: readonly Certificate[], before: readonly StateResource[]): readonly CertificateChange[] {
  const graph = new DependencyGraph(before);
  return steps.flatMap(({ op, urn, type, old, new: next }) => {
    const facts = ownCertificate.test(type) ? ownFacts : certManagerCertificate.test(type) ? requestedFacts : undefined;
    if (facts === undefined) return [];
    const [was, becomes] = [old == undefined ? undefined : facts(old), op === "delete" || next == undefined ? undefined : facts(next)];
    if (isDeepStrictEqual(was, becomes)) return [];
    const consumers = was === undefined ? [] : consumersOf(urn, textAt(old?.inputs, "spec", "secretName"), graph, before);
    return [{ op, urn, before: was, after: becomes, consumers }];
  });
}

interface CertificateState {
  readonly inputs: unknown;
  readonly outputs?: unknown;
}

/** Facts of a certificate of the stack: those of the certificate itself where there is one. */
function ownFacts({ inputs, outputs }: CertificateState): CertificateFacts {
  const pem = textAt(outputs, "certPem");
  const made = pem === undefined ? undefined : parsed(pem);
  if (made !== undefined) return made;
  const hours = at(inputs, "validityPeriodHours");
  const [commonName, organization] = [textAt(inputs, "subject", "commonName"), textAt(inputs, "subject", "organization")];
  const subject = [commonName === undefined ? "" : `CN=${commonName}`, organization === undefined ? "" : `O=${organization}`];
  return { subject: joined(subject), expiry: typeof hours === "number" ? `${hours} h after the update` : undefined };
}

function parsed(pem: string): CertificateFacts | undefined {
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) return undefined;
  const { subject, validToDate, publicKey, fingerprint256 } = new X509Certificate(pem);
  const { namedCurve, modulusLength } = publicKey.asymmetricKeyDetails ?? {};
  return {
    subject: subject.split("\n").join(", "),
    expiry: validToDate.toISOString().slice(0, 10),
    algorithm: joined([publicKey.asymmetricKeyType?.toUpperCase() ?? "", namedCurve ?? String(modulusLength ?? "")], " "),
    fingerprint: fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}

/** Facts of what cert-manager is asked for: it makes the certificate itself, and again before that expires. */
function requestedFacts({ inputs }: CertificateState): CertificateFacts {
  const spec = at(inputs, "spec");
  const [commonName, duration, renewBefore] = ["commonName", "duration", "renewBefore"].map((key) => textAt(spec, key));
  const subject = [commonName === undefined ? "" : `CN=${commonName}`, ...textsAt(spec, "dnsNames"), ...textsAt(spec, "ipAddresses")];
  const size = at(spec, "privateKey", "size");
  return {
    subject: joined([...new Set(subject)]),
    expiry: `${duration ?? "2160h"} after each issue${renewBefore === undefined ? "" : `, renewed ${renewBefore} before`}`,
    algorithm: joined([textAt(spec, "privateKey", "algorithm") ?? "RSA", typeof size === "number" ? String(size) : ""], " "),
  };
}

function joined(parts: readonly string[], by = ", "): string | undefined {
  const text = parts.filter((part) => part !== "").join(by);
  return text === "" ? undefined : text;
}

function consumersOf(
  urn: string,
  secretName: string | undefined,
  graph: DependencyGraph,
  before: readonly StateResource[],
): readonly string[] {
  const dependants = graph.reachable([urn]).map(({ to }) => to);
  const mounting = secretName === undefined ? [] : before.filter(({ inputs }) => names(inputs, secretName)).map((resource) => resource.urn);
  const found = new Set(
    [...dependants, ...mounting].filter((consumer) => consumer !== urn && consuming.test(consumer.split("::")[2] ?? "")),
  );
  return [...found].map(shortName);
}

/** Whether a `secretName` anywhere in a value is this one. */
function names(value: unknown, secretName: string): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, inner]) => (key === "secretName" && inner === secretName) || names(inner, secretName));
}
