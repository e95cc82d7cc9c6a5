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

/** A pod at the level *restricted* that runs the script with libpq's variables, verifying the server's certificate and name. */
export function databaseClientPod(args: DatabaseClientArgs): k8s.types.input.core.v1.PodSpec {
  const volumes = [databaseCaMount(), ...args.volumes];
  return {
    ...databasePodBase(args.pods, args.imagePullSecrets),
    restartPolicy: "Never",
    containers: [{ ...container(args), volumeMounts: volumes.map(({ volumeMount }) => volumeMount) }],
    volumes: volumes.map(({ volume }) => volume),
  };
}

function container({ pods, script, scriptArguments, administratorName, env = [] }: DatabaseClientArgs): k8s.types.input.core.v1.Container {
  return {
    name: "psql",
    image: pods.image,
    command: ["sh", "-c", script, "psql"],
    args: [...scriptArguments],
    envFrom: [{ secretRef: { name: administratorName } }],
    env: [{ name: "PGSSLMODE", value: "verify-full" }, { name: "PGSSLROOTCERT", value: databaseCaPath }, ...env],
    securityContext: restrictedContainerSecurityContext(),
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "512Mi" } },
  };
}
