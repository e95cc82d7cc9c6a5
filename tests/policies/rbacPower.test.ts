import assert from "node:assert/strict";
import { type AccessRule, effectivePower, scopeText, subjectText } from "../../policies/security/rbacPower";

function texts(...rules: readonly Partial<AccessRule>[]): readonly string[] {
  return effectivePower(rules.map((rule) => ({ apiGroups: [""], resources: [], verbs: [], ...rule }))).map(({ text }) => text);
}

describe("effectivePower", () => {
  it("says in words what is dangerous, most dangerous first, each thing once", () => {
    const secrets = { resources: ["secrets"], verbs: ["get", "list"] };
    const pods = { resources: ["pods", "pods/exec"], verbs: ["create"] };
    const power = effectivePower([
      { apiGroups: [""], ...pods },
      { apiGroups: [""], ...secrets },
      { apiGroups: [""], ...secrets },
    ]);
    assert.deepEqual(
      power.map(({ text }) => text),
      ["read every Secret", "run commands in every pod", "make pods, and with them act as every ServiceAccount"],
    );
    assert.deepEqual(
      power.map(({ score }) => score),
      [80, 70, 60],
    );
  });

  it("sees through wildcards of groups, resources, subresources and verbs", () => {
    assert.deepEqual(texts({ resources: ["secrets"], verbs: ["*"] }), ["read every Secret", "change Secrets"]);
    assert.deepEqual(texts({ resources: ["*/exec"], verbs: ["create"] }), ["run commands in every pod"]);
    assert.ok(texts({ resources: ["*"], verbs: ["get"] }).includes("read every Secret"));
    assert.ok(texts({ apiGroups: ["*"], resources: ["deployments"], verbs: ["create"] }).includes("make pods by Deployments"));
    assert.deepEqual(texts({ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }), ["do everything"]);
  });

  it("takes impersonation of any group for what it is", () => {
    assert.deepEqual(texts({ resources: ["users", "serviceaccounts"], verbs: ["impersonate"] }), [
      "act as any user",
      "act as any ServiceAccount",
    ]);
  });

  it("scores what names limit lower, and takes the widest of several", () => {
    const one = { resources: ["secrets"], verbs: ["get"], resourceNames: ["login"] };
    assert.deepEqual(effectivePower([{ apiGroups: [""], ...one }]), [{ score: 20, text: "read every Secret, of login alone" }]);
    assert.deepEqual(texts(one, { resources: ["secrets"], verbs: ["list"] }), ["read every Secret"]);
  });

  it("finds nothing in what reads pods and nodes", () => {
    assert.deepEqual(texts({ resources: ["pods", "nodes", "configmaps"], verbs: ["get", "list", "watch"] }), []);
    assert.deepEqual(texts({ apiGroups: ["example.org"], resources: ["secrets"], verbs: ["get"] }), []);
  });

  it("is said of a subject and of a place", () => {
    assert.equal(subjectText({ kind: "ServiceAccount", name: "web", namespace: "lab" }), "ServiceAccount web of namespace lab");
    assert.deepEqual([scopeText(undefined), scopeText("lab")], ["in every namespace", "in namespace lab"]);
  });
});
