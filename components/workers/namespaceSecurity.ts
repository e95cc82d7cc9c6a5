import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PART_OF_LABELS } from "../platform/names";
import { type PodSecurity, podSecurityLabels } from "../platform/podSecurity";
import { labels } from "../platform/workload";
import type { MadeNamespaces } from "./madeNamespaces";

/** The levels of one namespace, by the version of Kubernetes that defines them. */
export interface SecuredNamespace extends Required<PodSecurity> {
  readonly name: string;
  /** Whether the namespace is made here, and goes with the stack. @default false */
  readonly create: boolean;
  /** Refuse to delete a namespace that was made here, with which everything in it would go. @default false */
  readonly protect: boolean;
  /** Lets in to pods of a namespace that was made here those of the same namespace alone, until a policy says more. @default false */
  readonly isolate: boolean;
}

export interface NamespaceSecurityArgs {
  readonly namespaces: readonly SecuredNamespace[];
}

/**
 * Pod Security levels by namespace, what the charm's `allow-privileged` was for: on namespaces that the cluster has, and on those that are made
 * here, where a NetworkPolicy may keep other namespaces' pods out. A level that somebody else has set otherwise is a conflict and stays; what runs already is not stopped.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export class NamespaceSecurity extends pulumi.ComponentResource {
  /** Those that are made here. */
  readonly madeNamespaces: MadeNamespaces;

  constructor(name: string, args: NamespaceSecurityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:workers:NamespaceSecurity", name, args, opts);
    const made = args.namespaces.flatMap((namespace) => securedNamespace(name, namespace, { parent: this }));
    this.madeNamespaces = Object.fromEntries(made);
    this.registerOutputs();
  }
}

/** On every namespace that is made here; `preflight/` tells them from others by it. */
export const namespaceLabels = { ...PART_OF_LABELS, "trustplane.dev/workers-namespace": "true" } as const;

function securedNamespace(
  name: string,
  namespace: SecuredNamespace,
  opts: pulumi.CustomResourceOptions,
): [string, pulumi.Output<string>][] {
  const podSecurity = podSecurityLabels(namespace);
  const child = `${name}-${namespace.name}`;
  if (namespace.create) {
    const own = labels({ name: "workers", instance: name, component: "namespace" });
    const metadata = { name: namespace.name, labels: { ...own, ...namespaceLabels, ...podSecurity } };
    const made = new k8s.core.v1.Namespace(child, { metadata }, { ...opts, protect: namespace.protect });
    if (namespace.isolate) isolation(child, { namespace: made.metadata.name, labels: own }, opts);
    return [[namespace.name, made.metadata.name]];
  }
  const metadata = { name: namespace.name, labels: podSecurity };
  new k8s.core.v1.NamespacePatch(child, { metadata }, opts);
  return [];
}

function isolation(child: string, metadata: k8s.types.input.meta.v1.ObjectMeta, opts: pulumi.CustomResourceOptions): void {
  const spec = { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }] }] };
  new k8s.networking.v1.NetworkPolicy(`${child}-network-policy`, { metadata: { ...metadata, name: "isolated" }, spec }, opts);
}
