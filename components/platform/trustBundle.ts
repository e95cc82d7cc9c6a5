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
    const roots = args.publicRoots ? tls.rootCertificates.map((root) => `${root}\n`).join("") : "";
    this.certificates = pulumi.concat(args.certificates, roots);
    args.namespaces.forEach((namespace, index) => {
      this.configMap(`${name}-${typeof namespace === "string" ? namespace : index}`, namespace, args);
    });
    this.registerOutputs({ certificates: this.certificates });
  }

  private configMap(name: string, namespace: pulumi.Input<string>, { identifier, generations }: TrustBundleArgs): void {
    const annotations = pulumi.output(generations).apply(generationsAnnotation);
    new k8s.core.v1.ConfigMap(
      name,
      {
        metadata: { name: trustBundleName, namespace, labels: trustBundleLabels(identifier), annotations },
        data: { [trustBundleKey]: this.certificates },
      },
      { parent: this },
    );
  }
}

function generationsAnnotation(generations: readonly number[]): Record<string, string> {
  return generations.length > 0 ? { [GENERATIONS_ANNOTATION]: generations.join(",") } : {};
}
