import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DynamicProviders } from "../../components/platform/dynamicProviders";
import { needsDynamicProviders } from "../../config/dynamicProviders";
import { deploy } from "../deployment";
import { readWith } from "./stackConfig";

const provider: pulumi.dynamic.ResourceProvider = { create: () => Promise.resolve({ id: "one" }) };

class Dynamic extends pulumi.dynamic.Resource {
  constructor(opts: pulumi.CustomResourceOptions) {
    super(provider, "dynamic", {}, opts, "test", "Dynamic");
  }
}

describe("the provider of dynamic resources", () => {
  it("is given nothing of the stack's configuration, and runs what is below a component that has it", async () => {
    const type = "pulumi-nodejs:dynamic/test:Dynamic";
    const { resources, result } = await deploy(
      () => {
        const dynamicProviders = new DynamicProviders("dynamic-providers");
        const parent = new pulumi.ComponentResource("trustplane:test:Parent", "parent", {}, { providers: [dynamicProviders] });
        return { dynamicProviders, child: new Dynamic({ parent }) };
      },
      { "pulumi:providers:pulumi-nodejs": () => ({}), [type]: () => ({}) },
    );
    assert.deepEqual(resources.find(({ name }) => name === "dynamic-providers")?.inputs, {});
    assert.equal(result.child.getProvider(type), result.dynamicProviders);
  });

  it("is there where a stack has dynamic resources, and nowhere else", async () => {
    const tenants = (...types: readonly string[]) => ({
      plexus: {
        storageClass: { existing: "shared" },
        tenants: types.map((type) => ({ name: type.toLowerCase(), credential: { type } })),
      },
    });
    const needs = async (stack: object): Promise<boolean> =>
      needsDynamicProviders(await readWith({ cluster: { identifier: "lab" }, ...stack }));
    assert.equal(await needs({}), false);
    assert.equal(await needs(tenants("serviceAccount")), false);
    assert.equal(await needs(tenants("serviceAccount", "certificateSigningRequest")), true);
  });
});
