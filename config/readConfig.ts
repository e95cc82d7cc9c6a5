import * as pulumi from "@pulumi/pulumi";
import { type CertificateAuthorityConfig, resolveCertificateAuthority } from "./certificateAuthority";
import type { CertManagerArgs } from "../components/platform/certManager";
import { resolveCertManager } from "./certManager";
import { type ClusterConfig, resolveCluster } from "./cluster";
import { CERTIFICATE_AUTHORITY_KEY, certificateAuthorityKeyProblems } from "./certificateAuthorityKey";
import { type IngressNginxConfig, resolveIngressNginx } from "./ingressNginx";
import { type InterlinkConfig, resolveInterlink } from "./interlink";
import { ConfigError, type Problem } from "./problem";
import { type RawConfig, rawConfig } from "./rawConfig";
import { type GivenStack, parseStack, sectionOf } from "./stackSchema";

/** Everything that a stack's configuration says, checked and with its defaults. */
export interface StackConfig {
  readonly cluster: ClusterConfig;
  readonly certManager: CertManagerArgs;
  readonly certificateAuthority: CertificateAuthorityConfig;
  /** Absent where the stack has no internal ingress. */
  readonly ingressNginx?: IngressNginxConfig;
  /** Absent where HPC nodes need no way to the Kubernetes API. */
  readonly interlink?: InterlinkConfig;
}

/**
 * Reads the whole configuration of the current stack.
 *
 * @throws ConfigError that names every problem at once; nothing has been registered then
 */
export function readConfig(): Promise<StackConfig> {
  return Promise.resolve().then(() => checkedConfig(rawConfig()));
}

function checkedConfig(raw: RawConfig): StackConfig {
  const { given, readable, problems } = parseStack(raw.sections);
  const shown = problems.map((problem) => (raw.secretKeys.has(sectionOf(problem)) ? masked(problem) : problem));
  const all = [...shown, ...certificateAuthorityKeyProblems(raw, readable.certificateAuthority?.existing, given === undefined)];
  if (all.length === 0 && given !== undefined) return resolveStack(given);
  const full = all.map((problem) => ({ ...problem, path: `trustplane:${problem.path}` }));
  throw new ConfigError(pulumi.getStack(), full);
}

function resolveStack(given: GivenStack): StackConfig {
  const key = new pulumi.Config("trustplane").getSecret(CERTIFICATE_AUTHORITY_KEY) ?? pulumi.secret("");
  return {
    cluster: resolveCluster(given.cluster),
    certManager: resolveCertManager(given.certManager),
    certificateAuthority: resolveCertificateAuthority(given.certificateAuthority, key),
    ingressNginx: given.ingressNginx === undefined ? undefined : resolveIngressNginx(given.ingressNginx),
    interlink: given.interlink === undefined ? undefined : resolveInterlink(given.interlink),
  };
}

/** The problem without anything that could quote a section in which there is a secret. */
function masked(problem: Problem): Problem {
  const [allowed = ""] = problem.allowed.split("; ");
  return { path: problem.path, found: "[secret]", allowed, wayOut: "correct it; the section holds a secret, so its values are not shown" };
}
