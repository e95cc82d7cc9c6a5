import assert from "node:assert/strict";
import { policySettings } from "../../config/policies";
import { enforcementSchema } from "../../policies/enforcement";
import { judge, type PlainStackResource } from "../../policies/judgement";
import { disallowPrivileged } from "../../policies/security/podHost";
import { resource } from "./ruleCase";

const spec = {
  containers: [{ name: "web", securityContext: { privileged: true } }],
  initContainers: [{ name: "first", securityContext: { privileged: true } }],
  ephemeralContainers: [{ name: "debug", securityContext: { privileged: true } }],
};
const template = { spec };

const workloads: Readonly<Record<string, object>> = {
  "core/v1:Pod": { spec },
  "core/v1:ReplicationController": { spec: { template } },
  "core/v1:PodTemplate": { template },
  "apps/v1:Deployment": { spec: { template } },
  "apps/v1beta2:Deployment": { spec: { template } },
  "extensions/v1beta1:DaemonSet": { spec: { template } },
  "apps/v1:StatefulSet": { spec: { template } },
  "apps/v1:DaemonSet": { spec: { template } },
  "apps/v1:ReplicaSet": { spec: { template } },
  "batch/v1:Job": { spec: { template } },
  "batch/v1:CronJob": { spec: { jobTemplate: { spec: { template } } } },
};

function privileged(one: PlainStackResource): readonly (string | undefined)[] | undefined {
  const verdicts = judge(disallowPrivileged, one, {
    enforcement: enforcementSchema.parse({}),
    settings: policySettings({}),
    now: new Date(0),
  });
  return verdicts?.flatMap(({ violations }) => violations.map(({ container }) => container));
}

describe("podTemplate", () => {
  for (const [type, props] of Object.entries(workloads))
    it(`finds every container of a ${type}, of its Patch and of its list`, () => {
      const named = { ...props };
      assert.deepEqual(privileged(resource(`kubernetes:${type}`, named)), ["first", "web", "debug"]);
      assert.deepEqual(privileged(resource(`kubernetes:${type}Patch`, named)), ["first", "web", "debug"]);
      assert.deepEqual(privileged(resource(`kubernetes:${type}List`, { items: [named] })), ["first", "web", "debug"]);
    });

  it("finds none in another group's kind of the same name", () => {
    assert.equal(privileged(resource("kubernetes:example.org/v1:Deployment", { spec: { template } })), undefined);
  });
});
