import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { deploy } from "../deployment";

const type = "kubernetes:core/v1:ConfigMap";
const same = (): Record<string, unknown> => ({});

function fails(): pulumi.Output<string> {
  return pulumi.output("x").apply((): string => {
    throw new Error("boom");
  });
}

describe("deploy, on which component tests stand", () => {
  it("fails at once with what an input failed with, whatever waits for its resource", async () => {
    const program = (): void => {
      const failed = new k8s.core.v1.ConfigMap("failed", { data: { key: fails() } });
      new k8s.core.v1.ConfigMap("waiting", { data: { key: failed.id } });
    };
    await assert.rejects(deploy(program, { [type]: same }), /boom/);
  });

  it("fails at once with what a dependency failed with", async () => {
    const dependsOn = Promise.reject<pulumi.Resource>(new Error("boom"));
    await assert.rejects(
      deploy(() => new k8s.core.v1.ConfigMap("failed", {}, { dependsOn }), { [type]: same }),
      /boom/,
    );
  });

  it("fails at once with what a provider refuses", async () => {
    const refuse = (): never => {
      throw new Error("boom");
    };
    await assert.rejects(
      deploy(() => new k8s.core.v1.ConfigMap("failed", {}), { [type]: refuse }),
      /boom/,
    );
  });

  it("names every resource of a type that it does not know", async () => {
    const program = (): void => {
      for (const name of ["one", "other"]) new k8s.core.v1.ConfigMap(name, {});
    };
    await assert.rejects(deploy(program), /unknown resource type \S+ConfigMap \(one\)[^]*\(other\)/);
  });

  it("fails with an error that nobody awaits", async () => {
    await assert.rejects(deploy(fails), /boom/);
  });
});
