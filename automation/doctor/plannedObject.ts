import type * as pulumi from "@pulumi/pulumi";

/** An object of Kubernetes that an update would make. */
export interface PlannedObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for one that the API server or the engine names. */
  readonly name?: string;
  /** Absent for one of the whole cluster, and where it is not known before. */
  readonly namespace?: string;
  /** Whether only some fields of an object are set that may be there already. */
  readonly patch: boolean;
  /** The object without what is not known before. */
  readonly object: Readonly<Record<string, unknown>>;
}

/** A chart that an update would install. */
export interface ChartRelease {
  readonly name: string;
  readonly namespace: string;
  /** A name in the repository, `oci://…`, or the path of a directory or archive. */
  readonly chart: string;
  readonly version?: string;
  /** Address of the repository. */
  readonly repository?: string;
  readonly values: unknown;
}

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
}

interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Metadata;
}

const releaseType = "kubernetes:helm.sh/v3:Release";

/** The object that a registration makes; `undefined` for what is no object of Kubernetes. */
export function plannedObject({ type, inputs }: pulumi.runtime.MockResourceArgs): PlannedObject | undefined {
  if (!type.startsWith("kubernetes:") || type === releaseType) return undefined;
  return manifestObject(inputs, type.endsWith("Patch"));
}

/** The same of a manifest, as a chart holds them. */
export function manifestObject(manifest: unknown, patch = false): PlannedObject | undefined {
  const object = known(manifest) as (Manifest & Record<string, unknown>) | undefined;
  const { apiVersion, kind, metadata } = object ?? {};
  if (object === undefined || apiVersion === undefined || kind === undefined) return undefined;
  return { apiVersion, kind, name: metadata?.name, namespace: metadata?.namespace, patch, object };
}

interface ReleaseInputs {
  readonly name?: string;
  readonly namespace?: string;
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo?: string };
  readonly values?: unknown;
}

/** The chart that a registration installs; `undefined` for any other. */
export function chartRelease({ type, name: logicalName, inputs }: pulumi.runtime.MockResourceArgs): ChartRelease | undefined {
  if (type !== releaseType) return undefined;
  const { name = logicalName, namespace = "default", chart, version, repositoryOpts, values = {} } = known(inputs) as ReleaseInputs;
  return { name, namespace, chart, version, repository: repositoryOpts?.repo, values };
}

/** A value without the parts that only an update learns. */
function known(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(known).filter((item) => item !== undefined);
  if (typeof value !== "object" || value === null) return value;
  if ("__pulumiUnknown" in value) return undefined;
  const fields = Object.entries(value).map(([key, item]) => [key, known(item)] as const);
  return Object.fromEntries(fields.filter(([, item]) => item !== undefined));
}
