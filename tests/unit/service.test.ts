import assert from "node:assert/strict";
import { serviceReadiness } from "../../local/plugins/kubernetes/await/service";
import type { JsonObject } from "../../local/plugins/server/provider";
import type { KubernetesObject } from "../../local/plugins/kubernetes/kubernetesObject";
import { surroundingsOf } from "./surroundingsOf";

const slice: KubernetesObject = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "svc-1", resourceVersion: "5" },
};

function service(spec: JsonObject, ingress: readonly JsonObject[] = []): KubernetesObject {
  return { apiVersion: "v1", kind: "Service", metadata: { name: "svc" }, spec, status: { loadBalancer: { ingress } } };
}

const judge = (object: KubernetesObject, around: readonly KubernetesObject[] = [], settled = true) =>
  serviceReadiness.judge(object, surroundingsOf(around, settled));

describe("serviceReadiness", () => {
  it("waits until there are EndpointSlices that keep still", async () => {
    assert.equal((await judge(service({ selector: { app: "a" } }))).ready, false);
    assert.equal((await judge(service({ selector: { app: "a" } }), [slice], false)).ready, false);
    assert.equal((await judge(service({ selector: { app: "a" } }), [slice])).ready, true);
  });

  for (const [what, spec] of Object.entries<JsonObject>({
    "a headless Service": { clusterIP: "None", selector: { app: "a" } },
    "one of type ExternalName": { type: "ExternalName", externalName: "a.example" },
    "one without a selector": { ports: [{ port: 80 }] },
  })) {
    it(`does not wait for endpoints of ${what}`, async () => {
      assert.equal((await judge(service(spec))).ready, true);
    });
  }

  it("waits for the address of a LoadBalancer", async () => {
    const verdict = await judge(service({ type: "LoadBalancer", selector: { app: "a" } }), [slice]);
    assert.deepEqual(verdict.reasons, ["Service was not allocated an IP address; does your cloud provider support this?"]);
    assert.equal((await judge(service({ type: "LoadBalancer", selector: { app: "a" } }, [{ ip: "192.0.2.7" }]), [slice])).ready, true);
  });
});
