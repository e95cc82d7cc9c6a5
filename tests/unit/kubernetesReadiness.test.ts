import assert from "node:assert/strict";
import type { ObjectApi } from "../../local/plugins/kubernetes/objectApi";
import { unready } from "../../local/plugins/kubernetes/readiness";
import { NotReady, untilGone, untilReady } from "../../local/plugins/kubernetes/waiting";
import type { JsonObject } from "../../local/plugins/server/provider";

const nobody = {} as unknown as ObjectApi;
const object = (apiVersion: string, kind: string, more: JsonObject): JsonObject => ({
  apiVersion,
  kind,
  ...more,
  metadata: { name: "x", uid: "1", generation: 2, ...(more.metadata as JsonObject | undefined) },
});
const conditions = (type: string, status: string, more: JsonObject = {}): JsonObject => ({ conditions: [{ type, status, ...more }] });
const lateClass = { find: () => Promise.resolve({ volumeBindingMode: "WaitForFirstConsumer" }) } as unknown as ObjectApi;
const rolledOut = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
const deployment = (status: JsonObject): JsonObject => object("apps/v1", "Deployment", { spec: { replicas: 3 }, status });
const job = (status: JsonObject): JsonObject => object("batch/v1", "Job", { status });
const balanced = { spec: { type: "LoadBalancer" } };

/** By what is looked at: the object, and what it waits for; nothing where it is ready. */
const cases: readonly (readonly [string, JsonObject, RegExp?, ObjectApi?])[] = [
  ["a Deployment that is rolled out", deployment(rolledOut)],
  ["one whose controller has not seen it", deployment({ ...rolledOut, observedGeneration: 1 }), /controller has not seen it/],
  ["one with an old pod", deployment({ ...rolledOut, replicas: 4 }), /^replicas is 4 of 3$/],
  [
    "one with its controller's word",
    deployment({ observedGeneration: 2, ...conditions("Available", "False", { reason: "Min", message: "few pods" }) }),
    /^availableReplicas is 0 of 3; Min: few pods$/,
  ],
  ["a StatefulSet with a pod of before", object("apps/v1", "StatefulSet", { status: { readyReplicas: 1 } }), /updatedReplicas is 0 of 1/],
  ["a DaemonSet without nodes", object("apps/v1", "DaemonSet", { status: { desiredNumberScheduled: 0 } })],
  ["a Job that is done", job(conditions("Complete", "True"))],
  ["a Job that runs", job({}), /Complete is not True/],
  ["an Ingress without address", object("networking.k8s.io/v1", "Ingress", {}), /no address/],
  ["a Service in the cluster", object("v1", "Service", {})],
  ["one with a load balancer", object("v1", "Service", balanced), /no address/],
  ["one with its address", object("v1", "Service", { ...balanced, status: { loadBalancer: { ingress: [{ ip: "::1" }] } } })],
  ["a claim of a class that binds late", object("v1", "PersistentVolumeClaim", {}), undefined, lateClass],
  ["a bound claim", object("v1", "PersistentVolumeClaim", { status: { phase: "Bound" } })],
  ["a token without its text", object("v1", "Secret", { type: "kubernetes.io/service-account-token" }), /no data\.token/],
  ["a definition that is not served yet", object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {}), /Established/],
  ["a kind that nobody waits for", object("v1", "ConfigMap", {})],
];

const annotated = (annotations: JsonObject, status: JsonObject): JsonObject => ({
  ...object("x.io/v1", "Thing", { metadata: { annotations }, status }),
});

describe("readiness on a cluster", () => {
  for (const [what, given, reason, api = nobody] of cases)
    it(`${reason === undefined ? "is there" : "is not there"}: ${what}`, async () => {
      const found = await unready(given, api);
      if (reason === undefined) assert.equal(found, undefined);
      else assert.match(found?.reason ?? "", reason);
    });

  it("is what an annotation says, of the object's newest generation", async () => {
    const ready = { "pulumi.com/waitFor": "condition=Ready" };
    assert.equal(await unready(annotated(ready, conditions("Ready", "True")), nobody), undefined);
    assert.match((await unready(annotated(ready, conditions("Ready", "True", { observedGeneration: 1 })), nobody))?.reason ?? "", /Ready/);
    assert.equal(await unready(annotated({ ...ready, "pulumi.com/skipAwait": "true" }, {}), nobody), undefined);
    await assert.rejects(unready(annotated({ "pulumi.com/waitFor": "jsonpath={.x}" }, {}), nobody), /official plugin/);
  });
});

describe("waiting for an object", () => {
  const said: string[] = [];
  const patience = { timeoutSeconds: 0.3, signal: new AbortController().signal, say: (status: string) => said.push(status) };
  const becoming = (...then: readonly (JsonObject | undefined)[]): ObjectApi => {
    const left = [...then];
    return { find: () => Promise.resolve(left.length > 1 ? left.shift() : left[0]) } as unknown as ObjectApi;
  };

  it("ends with the object as it is when it is ready, and tells what it waits for", async () => {
    const done = job(conditions("Complete", "True"));
    assert.equal(await untilReady(becoming(job({}), done), job({}), patience), done);
    assert.deepEqual(said, ["is not ready: its condition Complete is not True"]);
  });

  it("ends with the object where time is up, where it has failed for good, and where it is deleted", async () => {
    const failed = job(conditions("Failed", "True", { reason: "Backoff", message: "too often" }));
    for (const [api, reason] of [
      [becoming(job({})), /^Job x is not ready: .*s have passed$/],
      [becoming(failed), /^Job x failed: Backoff: too often$/],
      [becoming(undefined), /^Job x was deleted/],
    ] as const)
      await assert.rejects(untilReady(api, job({}), patience), (error: unknown) => error instanceof NotReady && reason.test(error.message));
  });

  it("takes an object for gone once another has its name, and names what keeps it", async () => {
    await untilGone(becoming(object("v1", "Pod", { metadata: { uid: "2" } })), object("v1", "Pod", {}), patience);
    const kept = object("v1", "Pod", { metadata: { finalizers: ["x.io/keep"] } });
    await assert.rejects(untilGone(becoming(kept), kept, patience), /Pod x is still there; its finalizers: \["x\.io\/keep"\]/);
  });
});
