import * as assert from "node:assert/strict";
import { owners, takenOver } from "../../local/plugins/kubernetes/managedFields";
import type { JsonObject } from "../../local/plugins/server/provider";

const entry = (manager: string, operation: string, field: string, more: JsonObject = {}): JsonObject => ({
  manager,
  operation,
  fieldsV1: { "f:spec": { [`f:${field}`]: {} } },
  ...more,
});

const objectOf = (...managedFields: readonly JsonObject[]): JsonObject => ({ metadata: { managedFields } });

describe("takenOver", () => {
  it("joins the fields of the creator and of kubectl with its own", () => {
    const live = objectOf(entry("pulumi-kubernetes-0", "Apply", "a"), entry("kubectl-patch", "Update", "b"), entry("other", "Apply", "c"));
    const [other, own] = takenOver(live, "pulumi-kubernetes-0") ?? [];
    assert.equal(other?.manager, "other");
    assert.deepEqual(own, { manager: "pulumi-kubernetes-0", operation: "Apply", fieldsV1: { "f:spec": { "f:a": {}, "f:b": {} } } });
  });

  it("leaves subresources and other managers alone", () => {
    const live = objectOf(entry("kubectl", "Update", "replicas", { subresource: "scale" }), entry("other", "Apply", "c"));
    assert.equal(takenOver(live, "pulumi-kubernetes-0"), undefined);
  });
});

describe("owners", () => {
  it("tells whether a field is one's own, somebody else's or both", () => {
    const live = objectOf(entry("me", "Apply", "a"), entry("other", "Apply", "a"), entry("other", "Apply", "b"));
    assert.deepEqual(owners(live, "me", ["spec", "a"]), { own: true, others: true });
    assert.deepEqual(owners(live, "me", ["spec", "b"]), { own: false, others: true });
    assert.deepEqual(owners(live, "me", ["spec", "c"]), { own: false, others: false });
  });
});
