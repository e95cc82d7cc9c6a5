import assert from "node:assert/strict";
import { ingressReadiness } from "../../local/plugins/kubernetes/await/ingress";
import type { JsonObject } from "../../local/plugins/server/provider";
import type { KubernetesObject } from "../../local/plugins/kubernetes/kubernetesObject";
import { surroundingsOf } from "./surroundingsOf";

function ingress(serviceName: string, hasAddress: boolean): KubernetesObject {
  const paths = [{ path: "/", backend: { service: { name: serviceName } } }];
  const status: JsonObject = { loadBalancer: hasAddress ? { ingress: [{ ip: "192.0.2.9" }] } : {} };
  return { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "i" }, spec: { rules: [{ http: { paths } }] }, status };
}

function sliceOf(service: string): KubernetesObject {
  const metadata = { name: `${service}-1`, resourceVersion: "1", labels: { "kubernetes.io/service-name": service } };
  return { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata };
}

const NO_TARGET = "Ingress has at least one rule with an unavailable target endpoint.";

describe("ingressReadiness", () => {
  it("needs an address and EndpointSlices for the Service of each path", async () => {
    assert.equal((await ingressReadiness.judge(ingress("svc", true), surroundingsOf([sliceOf("svc")]))).ready, true);
    const verdict = await ingressReadiness.judge(ingress("svc", true), surroundingsOf([sliceOf("other")]));
    assert.deepEqual([verdict.ready, verdict.reasons], [false, [NO_TARGET]]);
  });

  it("says both that a target is missing and that there is no address", async () => {
    const { reasons } = await ingressReadiness.judge(ingress("svc", false), surroundingsOf([]));
    assert.equal(reasons?.[0], NO_TARGET);
    assert.match(
      reasons[1] ?? "",
      /^Ingress \.status\.loadBalancer field was not updated with a hostname\/IP address\. \n    for more information/,
    );
  });

  it("does not need endpoints of an ExternalName Service", async () => {
    const external: KubernetesObject = { apiVersion: "v1", kind: "Service", metadata: { name: "svc" }, spec: { type: "ExternalName" } };
    assert.equal((await ingressReadiness.judge(ingress("svc", true), surroundingsOf([external]))).ready, true);
  });

  it("gives up on a missing target when nothing changes any more", async () => {
    assert.equal((await ingressReadiness.judge(ingress("svc", true), surroundingsOf([sliceOf("other")], true))).ready, true);
  });
});
