import assert from "node:assert/strict";
import type { AccessRule } from "../../policies/rbac/accessRules";
import { effectivePower } from "../../policies/rbac/effectivePower";
import { partsOf, ruleText, scopeText, subjectText } from "../../policies/rbac/words";

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
});

describe("the words of rights", () => {
  const say = (rule: Partial<AccessRule>): readonly string[] =>
    partsOf({ apiGroups: [""], resources: [], verbs: ["get"], ...rule }).map(ruleText);

  it("have one for whole sets of verbs, and for everything", () => {
    assert.deepEqual(say({ resources: ["pods"], verbs: ["get", "list", "watch", "bind"] }), ["read, bind pods"]);
    assert.deepEqual(say({ apiGroups: ["apps", ""], resources: ["*"], verbs: ["*"] }), ["do everything with every resource of apps"]);
    assert.deepEqual(say({ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }), ["do everything"]);
  });

  it("name objects, and each path by itself", () => {
    assert.deepEqual(say({ resources: ["secrets"], resourceNames: ["a", "b"] }), ["get secrets named a, b"]);
    assert.deepEqual(say({ resources: ["pods"], nonResourceURLs: ["/metrics", "/healthz"] }), [
      "get pods",
      "get the URL /metrics",
      "get the URL /healthz",
    ]);
  });

  it("name subjects and places", () => {
    assert.equal(subjectText({ kind: "ServiceAccount", name: "web", namespace: "lab" }), "ServiceAccount lab/web");
    assert.equal(subjectText({ kind: "User", name: "jane", namespace: "lab" }), "User jane");
    assert.deepEqual([undefined, ["lab"], ["a", "b"]].map(scopeText), ["in all namespaces", "in namespace lab", "in namespaces a, b"]);
  });
});
