import assert from "node:assert/strict";
import {
  checksumAnnotation,
  labels,
  restrictedContainerSecurityContext,
  restrictedPodSecurityContext,
  selectorLabels,
} from "../../components/platform/workload";

describe("workload", () => {
  it("selects pods by fewer labels than it sets", () => {
    const identity = { name: "edge", instance: "lab", component: "proxy" };
    assert.deepEqual(selectorLabels(identity), {
      "app.kubernetes.io/name": "edge",
      "app.kubernetes.io/instance": "lab",
      "app.kubernetes.io/component": "proxy",
    });
    assert.deepEqual(labels(identity), {
      ...selectorLabels(identity),
      "app.kubernetes.io/part-of": "trustplane",
      "app.kubernetes.io/managed-by": "pulumi",
    });
  });

  it("leaves out the component label where there is none", () => {
    assert.ok(!("app.kubernetes.io/component" in selectorLabels({ name: "edge", instance: "lab" })));
  });

  it("runs pods as a numeric user that is not root", () => {
    const { runAsNonRoot, runAsUser, seccompProfile } = restrictedPodSecurityContext(101);
    assert.deepEqual([runAsNonRoot, runAsUser, seccompProfile], [true, 101, { type: "RuntimeDefault" }]);
  });

  it("refuses root and what is no user", () => {
    for (const user of [0, -1, 1.5]) assert.throws(() => restrictedPodSecurityContext(user), /name the user that the image runs as/);
  });

  it("drops every capability and forbids escalation", () => {
    assert.deepEqual(restrictedContainerSecurityContext(), {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("changes the checksum with the data, not with the order of its keys", () => {
    assert.deepEqual(checksumAnnotation({ a: "1", b: "2" }), checksumAnnotation({ b: "2", a: "1" }));
    assert.notDeepEqual(checksumAnnotation({ a: "1" }), checksumAnnotation({ a: "2" }));
    assert.notDeepEqual(checksumAnnotation({ a: "b" }), checksumAnnotation({ ab: "" }));
  });
});
