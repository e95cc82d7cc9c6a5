import type * as pulumi from "@pulumi/pulumi";
import { releaseType } from "../../config/kubernetesType";
import { type Chart, chartOf } from "../../policies/helmTemplate";

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
export interface ChartRelease extends Chart {
  readonly namespace: string;
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

/** The chart that a registration installs; `undefined` for any other. */
export function chartRelease({ type, name, inputs }: pulumi.runtime.MockResourceArgs): ChartRelease | undefined {
  if (type !== releaseType) return undefined;
  const chart = chartOf(name, known(inputs) as Readonly<Record<string, unknown>>);
  return { ...chart, namespace: chart.namespace ?? "default" };
}

/** A value without the parts that only an update learns. */
function known(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(known).filter((item) => item !== undefined);
  if (typeof value !== "object" || value === null) return value;
  if ("__pulumiUnknown" in value) return undefined;
  const fields = Object.entries(value).map(([key, item]) => [key, known(item)] as const);
  return Object.fromEntries(fields.filter(([, item]) => item !== undefined));
}
