import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { restrictedContainerSecurityContext } from "../platform/workload";
import type { DatabasePods } from "./databaseChoice";
import { databasePodBase } from "./databasePod";
import { type CaMount, databaseCaMount, databaseCaPath } from "./databaseTrust";

/** A pod that does one thing with the administrator's connection. */
export interface DatabaseClientArgs {
  readonly pods: DatabasePods;
  readonly imagePullSecrets: readonly string[];
  readonly script: string;
  readonly scriptArguments: readonly string[];
  /** The Secret with libpq's variables. */
  readonly administratorName: pulumi.Input<string>;
  readonly env?: readonly k8s.types.input.core.v1.EnvVar[];
  /** What it needs beside the CA. */
  readonly volumes: readonly CaMount[];
}

/** Seconds in which the database has to answer: a server's first start makes it, which can take minutes. */
const patienceSeconds = 300;

/**
 * Waits until the database lets the pod in. A server may be starting, and what enforces NetworkPolicies lets a new pod through only a while after it has
 * begun; each further try of a Job is a new pod, which would be as early.
 *
 * Argument: the seconds in which the database has to answer. @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#pod-lifecycle
 */
const awaitDatabaseScript = `set -eu
deadline=$(($(date +%s) + $1))
until reason=$(psql --no-psqlrc --quiet --command='SELECT 1' 2>&1); do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "the database did not answer within $1 s: $reason" >&2
    exit 1
  fi
  sleep 2
done
`;

/** A pod at the level *restricted* that runs the script with libpq's variables once the database answers, verifying the server's certificate and name. */
export function databaseClientPod(args: DatabaseClientArgs): k8s.types.input.core.v1.PodSpec {
  const volumes = [databaseCaMount(), ...args.volumes];
  return {
    ...databasePodBase(args.pods, args.imagePullSecrets),
    restartPolicy: "Never",
    initContainers: [
      {
        ...container(args, awaitDatabaseScript, [String(patienceSeconds)]),
        name: "await-database",
        volumeMounts: [databaseCaMount().volumeMount],
      },
    ],
    containers: [
      {
        ...container(args, args.script, args.scriptArguments),
        env: [...connectionEnv, ...(args.env ?? [])],
        volumeMounts: volumes.map(({ volumeMount }) => volumeMount),
      },
    ],
    volumes: volumes.map(({ volume }) => volume),
  };
}

const connectionEnv = [
  { name: "PGSSLMODE", value: "verify-full" },
  { name: "PGSSLROOTCERT", value: databaseCaPath },
];

function container(
  { pods, administratorName }: DatabaseClientArgs,
  script: string,
  scriptArguments: readonly string[],
): k8s.types.input.core.v1.Container {
  return {
    name: "psql",
    image: pods.image,
    command: ["sh", "-c", script, "psql"],
    args: [...scriptArguments],
    envFrom: [{ secretRef: { name: administratorName } }],
    env: connectionEnv,
    securityContext: restrictedContainerSecurityContext(),
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "512Mi" } },
  };
}
