import assert from "node:assert/strict";
import { preflight } from "../../preflight/preflight";
import { PreflightError } from "../../preflight/preflightError";
import { FakeApiServer } from "./fakeApiServer";
import { readWith } from "./stackConfig";

const simulated = { metadata: { name: "played", annotations: { "kwok.x-k8s.io/node": "fake" } } };
const shared = [{ metadata: { name: "shared" }, provisioner: "nfs.csi.k8s.io" }];

/** What makes the objects of a chart and runs nothing behind them. */
describe("preflight on the charts of the embedded control plane", () => {
  const server = new FakeApiServer();
  before(() => server.start());
  after(() => server.stop());

  async function problems(nodes: readonly unknown[], charts: string): Promise<readonly (readonly string[])[]> {
    server.answers = { "/version": { gitVersion: "v1.36.3" }, "/api/v1/nodes": nodes, "/apis/storage.k8s.io/v1/storageclasses": shared };
    const config = await readWith({
      cluster: { identifier: "lab", kubeconfig: server.kubeconfig },
      plexus: { storageClass: { existing: "shared" }, datashim: { chart: `${charts}datashim` } },
    });
    const error = await preflight(config).catch((reason: unknown) => reason);
    return error instanceof PreflightError ? error.problems.map(({ path, found, wayOut }) => [path, found, wayOut]) : [];
  }

  it("refuses them where a node runs containers, also beside nodes that run none", async () => {
    const found = await problems([simulated, { metadata: { name: "worker-0" } }], "./local/charts/");
    assert.deepEqual(found, [
      ["trustplane:plexus.datashim.chart", '"./local/charts/datashim"', "remove chart, for the real one in its own repository"],
    ]);
  });

  it("finds them by any path", async () => {
    const found = await problems([{ metadata: { name: "worker-0" } }], "./components/../local/./charts/");
    assert.equal(found.length, 1);
  });

  it("lets them be where no node runs containers", async () => {
    assert.deepEqual(await problems([simulated], "./local/charts/"), []);
  });
});
