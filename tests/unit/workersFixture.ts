import * as pulumi from "@pulumi/pulumi";
import { clusterIssuerRef } from "../../components/platform/certificates";
import { Workers, type WorkersArgs } from "../../components/workers/workers";
import { type Deployment, deploy, type Outputs } from "../deployment";
import { platformOutputs } from "../platformOutputs";

const same = (): Record<string, unknown> => ({});

const outputs: Outputs = {
  ...platformOutputs(""),
  "kubernetes:core/v1:NodePatch": same,
  "kubernetes:core/v1:NamespacePatch": same,
};

/** A platform with an internal ingress. */
export const platform: WorkersArgs["platform"] = {
  identifier: "lab",
  issuerRef: clusterIssuerRef("trustplane-lab-ca-1"),
  bundle: pulumi.output("roots"),
  generations: [1],
  ingress: { namespace: pulumi.output("ingress-nginx-internal"), className: pulumi.output("nginx-internal"), httpsPort: 60_443 },
};

const settled: WorkersArgs = { nodes: [], namespaces: [], ingress: {}, platform };

/** Worker services named `workers`, which are nothing but what `changes` asks for. */
export async function workers(changes: Partial<WorkersArgs> = {}): Promise<Deployment<Workers>> {
  return deploy(() => new Workers("workers", { ...settled, ...changes }), outputs);
}

/** Type and name of every child, sorted. */
export function children({ resources }: Deployment<unknown>): readonly string[] {
  return resources
    .filter(({ type }) => !type.startsWith("trustplane:") && !type.startsWith("pulumi:"))
    .map(({ type, name }) => `${type.split(":").at(-1) ?? type} ${name}`)
    .sort();
}
