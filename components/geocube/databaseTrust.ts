import * as tls from "node:tls";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { bundleConfigMap, trustBundleKey } from "../platform/trustBundle";
import type { DatabaseChoice } from "./databaseChoice";
import { databaseLabels, databaseName, type DatabaseScope } from "./databaseScope";

/** Name of the ConfigMap with the CA's roots. */
export const databaseCaName = `${databaseName}-ca`;

const mountPath = "/geocube/database-ca";

/** Where every client has the roots, which is named in its connection. */
export const databaseCaPath = `${mountPath}/ca.crt`;

/** The roots of one database, for a client's pod. */
export interface CaMount {
  readonly volume: k8s.types.input.core.v1.Volume;
  readonly volumeMount: k8s.types.input.core.v1.VolumeMount;
}

/** The volume with the roots, and where it is mounted. */
export function databaseCaMount(): CaMount {
  const items = [{ key: trustBundleKey, path: "ca.crt" }];
  return {
    volume: { name: "database-ca", configMap: { name: databaseCaName, items } },
    volumeMount: { name: "database-ca", mountPath, readOnly: true },
  };
}

/** What is known of the platform's CA. */
export interface PlatformTrust {
  /** The cluster's lasting name, by which the CA's bundles are found again. */
  readonly identifier: string;
  /** PEM of the CA's live roots. */
  readonly bundle: pulumi.Input<string>;
  /** The generations that `bundle` holds; empty for a CA that was not made here. */
  readonly generations: pulumi.Input<readonly number[]>;
}

/** PEM of the roots that verify the server: the platform's for a built-in one, of an external one those that are given, or the public ones. */
export function databaseRoots(database: DatabaseChoice, { bundle }: Pick<PlatformTrust, "bundle">): pulumi.Input<string> {
  if (database.type === "builtIn") return bundle;
  return database.caBundle ?? tls.rootCertificates.map((root) => `${root}\n`).join("");
}

/** The roots as a ConfigMap; the platform's CA counts it among its bundles where they are its own. */
export function databaseCa(scope: DatabaseScope, database: DatabaseChoice, trust: PlatformTrust): k8s.core.v1.ConfigMap {
  const { name, namespace, opts } = scope;
  const certificates = databaseRoots(database, trust);
  if (database.type === "builtIn") return bundleConfigMap(`${name}-ca`, { ...trust, name: databaseCaName, namespace, certificates }, opts);
  const metadata = { name: databaseCaName, namespace, labels: databaseLabels(scope) };
  return new k8s.core.v1.ConfigMap(`${name}-ca`, { metadata, data: { [trustBundleKey]: certificates } }, opts);
}
