import * as pulumi from "@pulumi/pulumi";

/**
 * What runs the dynamic resources of this program, in one process for all of them. The engine's own default would be given the stack's whole
 * configuration, keep it in the state, and change with each key of it.
 * @see https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
 */
export class DynamicProviders extends pulumi.ProviderResource {
  constructor(name: string, opts?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, {}, opts);
  }
}
