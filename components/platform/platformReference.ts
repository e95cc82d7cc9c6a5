import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { clusterIssuerRef } from "./certificates";
import type { Platform } from "./platform";
import type { PublishedPlatform } from "./publishedPlatform";

const publishedSchema: z.ZodType<PublishedPlatform> = z.object({
  identifier: z.string(),
  issuer: z.string(),
  bundle: z.string(),
  generations: z.array(z.int()),
  kubernetesApi: z.object({ address: z.string(), port: z.string(), caBundle: z.string() }).optional(),
  plexus: z.object({ clusterRole: z.string(), storageClass: z.string() }).optional(),
});

/**
 * The platform that another stack has, read from its output `platform`.
 *
 * Everything comes from that one output, so that what depends on a part of it fails, with one error, where the stack has none or is for another cluster.
 * @param identifier the cluster that this stack is for
 * @param stack `STACK`, or `ORGANIZATION/PROJECT/STACK`
 * @see https://www.pulumi.com/docs/iac/concepts/stacks/#stackreferences
 */
export function platformReference(identifier: string, stack: string): Platform {
  const reference = new pulumi.StackReference("platform", { name: qualified(stack) });
  const published = reference.getOutput("platform").apply((output: unknown) => checkedPlatform(output, identifier, stack));
  return {
    identifier,
    issuerRef: clusterIssuerRef(published.issuer),
    bundle: published.bundle,
    generations: published.generations,
    shared: published,
    outputs: {},
    publish: () => undefined,
  };
}

/** Every backend knows this form; some know no other. */
function qualified(stack: string): string {
  return stack.includes("/") ? stack : `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
}

/** @throws pulumi.RunError where it is no platform, or that of another cluster */
export function checkedPlatform(output: unknown, identifier: string, stack: string): PublishedPlatform {
  if (output === undefined)
    throw refusal(stack, "no output platform", `run up on ${stack}, which must have a platform of its own, then on this stack`);
  const parsed = publishedSchema.safeParse(output);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const found = `an output platform with ${issue === undefined ? "another shape" : `${issue.path.join(".")}: ${issue.message}`}`;
    throw refusal(stack, found, `run up on ${stack} with this version of the program, then on this stack`);
  }
  if (parsed.data.identifier === identifier) return parsed.data;
  const found = `the platform of cluster "${parsed.data.identifier}", and this stack is for "${identifier}"`;
  throw refusal(stack, found, `name the stack with the platform of ${identifier}, or correct trustplane:cluster`);
}

function refusal(stack: string, found: string, wayOut: string): pulumi.RunError {
  const allowed = "a stack of this project that has the platform of this stack's cluster and is up";
  return new pulumi.RunError(
    `The platform of stack ${stack} cannot be used.\n  trustplane:platform.stack\n    found:    ${found}\n    allowed:  ${allowed}\n    way out:  ${wayOut}`,
  );
}
