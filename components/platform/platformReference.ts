import * as pulumi from "@pulumi/pulumi";
import { clusterIssuerRef } from "./certificates";
import type { Platform } from "./platform";
import type { PublishedPlatform } from "./publishedPlatform";

/**
 * The platform that another stack has, read from its output `platform`.
 *
 * @param stack `STACK`, or `ORGANIZATION/PROJECT/STACK`
 */
export function platformReference(identifier: string, stack: string): Platform {
  const reference = new pulumi.StackReference("platform", { name: stack });
  const published = reference.requireOutput("platform") as pulumi.Output<PublishedPlatform>;
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
