import * as pulumi from "@pulumi/pulumi";
import { type ClusterConfig, resolveCluster } from "./cluster";
import { type GeocubeConfig, type GeocubeSecrets, resolveGeocube } from "./geocube";
import { type InterlinkConfig, resolveInterlink } from "./interlink";
import type { Leaf } from "./leafRules";
import { type PlatformConfig, resolvePlatform } from "./platform";
import { type PlexusConfig, resolvePlexus } from "./plexus";
import { type PonosConfig, resolvePonos } from "./ponos";
import { ConfigError, type Problem } from "./problem";
import { type RawConfig, rawConfig } from "./rawConfig";
import type { SecretKey } from "./secretKeys";
import { secretProblems } from "./secretProblems";
import { type GivenStack, leavesOf, parseStack, sectionOf } from "./stackSchema";
import { resolveWorkers, type WorkersConfig, type WorkersSecrets } from "./workers";

/** Everything that a stack's configuration says, checked and with its defaults. */
export interface StackConfig {
  readonly cluster: ClusterConfig;
  /** The platform that this stack makes, or the stack that has it. */
  readonly platform: PlatformConfig;
  /** Absent where HPC nodes need no way to the Kubernetes API. */
  readonly interlink?: InterlinkConfig;
  /** Absent where there is no Ponos agent. */
  readonly ponos?: PonosConfig;
  /** Absent where there are no tenants. */
  readonly plexus?: PlexusConfig;
  /** Absent where there is no Geocube. */
  readonly geocube?: GeocubeConfig;
  /** Absent where nodes, namespaces and workloads are left as they are. */
  readonly workers?: WorkersConfig;
  /** Every leaf that the platform's CA signs. */
  readonly leaves: readonly Leaf[];
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
  const all = [...shown, ...secretProblems(raw, readable, given === undefined)];
  if (all.length === 0 && given !== undefined) return resolveStack(given);
  const full = all.map((problem) => ({ ...problem, path: `trustplane:${problem.path}` }));
  throw new ConfigError(pulumi.getStack(), full);
}

function resolveStack(given: GivenStack): StackConfig {
  return {
    cluster: resolveCluster(given.cluster),
    platform: resolvePlatform(given, secretOf("certificateAuthorityKey") ?? pulumi.secret("")),
    interlink: given.interlink && resolveInterlink(given.interlink),
    ponos: given.ponos && resolvePonos(given.ponos, secretOf("ponosSeed")),
    plexus: given.plexus && resolvePlexus(given.plexus, secretOf("plexusCertificateAuthorityKey")),
    geocube: given.geocube && resolveGeocube(given.geocube, geocubeSecrets()),
    workers: given.workers && resolveWorkers(given.workers, workersSecrets()),
    leaves: leavesOf(given),
  };
}

function workersSecrets(): WorkersSecrets {
  const registry = { users: secretOf("workersRegistryUsers"), htpasswd: secretOf("workersRegistryHtpasswd") };
  return { registry, logins: secretOf("workersRegistryLogins") };
}

function geocubeSecrets(): GeocubeSecrets {
  return {
    database: secretOf("geocubeDatabaseConnection"),
    google: secretOf("geocubeGoogleCredentials"),
    aws: secretOf("geocubeAwsCredentials"),
  };
}

function secretOf(key: SecretKey): pulumi.Output<string> | undefined {
  return new pulumi.Config("trustplane").getSecret(key);
}

/** The problem without anything that could quote a section in which there is a secret. */
function masked(problem: Problem): Problem {
  const [allowed = ""] = problem.allowed.split("; ");
  return { path: problem.path, found: "[secret]", allowed, wayOut: "correct it; the section holds a secret, so its values are not shown" };
}
