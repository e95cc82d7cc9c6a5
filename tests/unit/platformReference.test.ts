import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { checkedPlatform, platformReference } from "../../components/platform/platformReference";
import type { PublishedPlatform } from "../../components/platform/publishedPlatform";
import { type Deployment, deploy, resolved } from "../deployment";
import type { Platform } from "../../components/platform/platform";

const published: PublishedPlatform = {
  identifier: "lab",
  issuer: "trustplane-lab-ca-2",
  bundle: "ROOT 1\nROOT 2\n",
  generations: [1, 2],
  plexus: { clusterRole: "plexus-manager", storageClass: "shared" },
};

function reference(stack: string): Promise<Deployment<Platform>> {
  return deploy(() => platformReference("lab", stack), { "pulumi:pulumi:StackReference": () => ({ outputs: { platform: published } }) });
}

describe("platformReference", () => {
  it("makes nothing but the reference to the other stack", async () => {
    const { resources } = await reference("prod");
    assert.deepEqual(
      resources.filter(({ type }) => type !== "pulumi:pulumi:Stack").map(({ type, name }) => `${type} ${name}`),
      ["pulumi:pulumi:StackReference platform"],
    );
  });

  it("names a stack of this project in full, since some backends know no other form, and leaves a full name alone", async () => {
    assert.equal((await reference("prod")).get("platform").inputs["name"], `${pulumi.getOrganization()}/trustplane/prod`);
    assert.equal((await reference("labs/trustplane/prod")).get("platform").inputs["name"], "labs/trustplane/prod");
  });

  it("gives systems what the other stack published, and publishes nothing itself", async () => {
    const { result } = await reference("prod");
    assert.equal(result.identifier, "lab");
    assert.equal(await resolved(pulumi.output(result.issuerRef.name)), published.issuer);
    assert.equal(await resolved(result.bundle), published.bundle);
    assert.deepEqual(await resolved(pulumi.output(result.generations)), [1, 2]);
    assert.deepEqual(await resolved(pulumi.output(result.shared)), published);
    assert.equal(result.publish({}), undefined);
    assert.deepEqual([result.outputs, result.ingress], [{}, undefined]);
  });
});

describe("checkedPlatform", () => {
  it("takes what a platform publishes", () => {
    assert.deepEqual(checkedPlatform(published, "lab", "prod"), published);
  });

  it("takes what a later version publishes beside it", () => {
    assert.deepEqual(checkedPlatform({ ...published, more: 1 }, "lab", "prod"), published);
  });

  for (const [what, output, message] of [
    ["a stack without a platform", undefined, /stack prod cannot be used[^]*no output platform[^]*run up on prod/],
    [
      "a platform of another cluster",
      { ...published, identifier: "dev" },
      /cluster "dev", and this stack is for "lab"[^]*trustplane:cluster/,
    ],
    ["another shape", { ...published, generations: "1,2" }, /output platform with generations: [^]*this version of the program/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => checkedPlatform(output, "lab", "prod"),
        (error) => error instanceof pulumi.RunError && message.test(error.message),
      );
    });
  }
});
