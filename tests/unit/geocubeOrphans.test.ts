import assert from "node:assert/strict";
import { OrphanedObjectsProvider, type OrphanedObjectsState } from "../../components/geocube/orphanedObjectsProvider";
import { FakeApiServer } from "./fakeApiServer";

const provider = new OrphanedObjectsProvider(50);
const state: OrphanedObjectsState = { kind: "pods", namespace: "geocube", labelSelector: "go-k8s-pod-rc=consolidater", revision: "1" };
const PODS = "/api/v1/namespaces/geocube/pods";

describe("OrphanedObjectsProvider", () => {
  let server: FakeApiServer;
  let there: OrphanedObjectsState;

  beforeEach(async () => {
    server = await new FakeApiServer().start();
    there = { ...state, kubeconfig: server.kubeconfig };
  });
  afterEach(() => server.stop());

  it("has nothing to do while nothing is told otherwise", async () => {
    assert.deepEqual(await provider.diff("", state, { ...state }), { changes: false, replaces: [] });
  });

  it("takes another template or another way to the cluster as a change, another place as another resource", async () => {
    for (const change of [{ revision: "2" }, { kubeconfig: "/other" }, { context: "other" }]) {
      assert.deepEqual(await provider.diff("", state, { ...state, ...change }), { changes: true, replaces: [] });
    }
    assert.deepEqual(await provider.diff("", state, { ...state, namespace: "other" }), { changes: true, replaces: ["namespace"] });
  });

  it("asks the cluster for nothing when it is made, nor when only the way there is another", async () => {
    await provider.create(there);
    await provider.update("", state, there);
    assert.deepEqual(server.asked, []);
  });

  it("asks for what it was told of, and for nothing more where there is none", async () => {
    await provider.delete("", there);
    assert.deepEqual(
      server.asked.map(({ url }) => [url.pathname, url.searchParams.get("labelSelector")]),
      [[PODS, state.labelSelector]],
    );
    await provider.delete("", { ...there, kind: "secrets" });
    assert.equal(server.asked.at(-1)?.url.pathname, "/api/v1/namespaces/geocube/secrets");
  });

  it("says what is still there, which rights it needs, and how to do it by hand", async () => {
    server.answers = { [PODS]: [{ metadata: { uid: "a" } }, { metadata: { uid: "b" } }] };
    await assert.rejects(
      provider.update("", state, { ...there, revision: "2" }),
      /2 are still there after 0\.05 s; .*"deletecollection" on pods; .*kubectl delete pods -n geocube -l go-k8s-pod-rc=consolidater/,
    );
  });

  it("says so when nobody answers", async () => {
    await server.hangUp();
    await assert.rejects(provider.delete("", there), /cannot remove what Geocube leaves behind: connect ECONNREFUSED/);
  });
});
