import * as tls from "node:tls";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { GENERATIONS_ANNOTATION, trustBundleLabels } from "./names";

export interface TrustBundleArgs {
  /** The cluster's lasting name, by which the CA's bundles are found again. */
  readonly identifier: string;
  /** Namespaces whose workloads trust the CA. They exist, or the component depends on what makes them. */
  readonly namespaces: readonly pulumi.Input<string>[];
  /** The CA's live roots, PEM. */
  readonly certificates: pulumi.Input<string>;
  /** The generations that `certificates` holds; empty for a CA that was not made here. */
  readonly generations: pulumi.Input<readonly number[]>;
  /** Adds the roots that Node ships, for variables that replace the system's (`REQUESTS_CA_BUNDLE`). @default false */
  readonly publicRoots: boolean;
}

/** Name of the ConfigMap in each namespace. */
export const trustBundleName = "trustplane-ca-bundle";
/** Its only key, and the file's name where it is mounted. */
export const trustBundleKey = "ca-bundle.crt";

/**
 * The CA's roots as a ConfigMap in each consumer's namespace, key `ca-bundle.crt`.
 *
 * While two generations live both roots are in it, so that consumers trust the new one before anything is signed by it alone.
 */
export class TrustBundle extends pulumi.ComponentResource {
  /** PEM of every certificate in the bundle; its digest rolls the pods that mount it. */
  readonly certificates: pulumi.Output<string>;

  constructor(name: string, args: TrustBundleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:platform:TrustBundle", name, args, opts);
    this.certificates = bundledRoots(args);
    args.namespaces.forEach((namespace, index) => {
      const configMap = { ...args, name: trustBundleName, namespace, certificates: this.certificates };
      bundleConfigMap(`${name}-${typeof namespace === "string" ? namespace : index}`, configMap, { parent: this });
    });
    this.registerOutputs({ certificates: this.certificates });
  }
}

/** PEM of the CA's roots, followed by the public ones where they are asked for. */
export function bundledRoots({ certificates, publicRoots }: Pick<TrustBundleArgs, "certificates" | "publicRoots">): pulumi.Output<string> {
  return pulumi.concat(certificates, publicRoots ? tls.rootCertificates.map((root) => `${root}\n`).join("") : "");
}

/** Where a bundle goes. */
export interface BundleConfigMapArgs extends Pick<TrustBundleArgs, "identifier" | "generations"> {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  /** PEM of every certificate. */
  readonly certificates: pulumi.Input<string>;
}

/** A bundle as a ConfigMap; by its labels and its generations `preflight/` knows who still needs a root that is to be retired. */
export function bundleConfigMap(name: string, args: BundleConfigMapArgs, opts: pulumi.CustomResourceOptions): k8s.core.v1.ConfigMap {
  const { name: objectName, namespace, identifier } = args;
  const annotations = pulumi.output(args.generations).apply(generationsAnnotation);
  const metadata = { name: objectName, namespace, labels: trustBundleLabels(identifier), annotations };
  return new k8s.core.v1.ConfigMap(name, { metadata, data: { [trustBundleKey]: args.certificates } }, opts);
}

function generationsAnnotation(generations: readonly number[]): Record<string, string> {
  return generations.length > 0 ? { [GENERATIONS_ANNOTATION]: generations.join(",") } : {};
}
