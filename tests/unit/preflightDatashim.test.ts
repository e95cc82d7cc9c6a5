import assert from "node:assert/strict";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { chartFlaw } from "../../preflight/datashimChart";
import { preflight } from "../../preflight/preflight";
import { PreflightError } from "../../preflight/preflightError";
import { type Answer, FakeApiServer } from "./fakeApiServer";
import { problemAt, readWith } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const DATASETS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/datasets.datashim.io";
const EARLIER = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/datasets.com.ie.ibm.hpsys";
const WEBHOOK = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/dlf-mutating-webhook-cfg";
const NAMESPACE = "/api/v1/namespaces/dlf";

const ours = { metadata: { labels: { "app.kubernetes.io/part-of": "trustplane" } } };
const theirs = { metadata: { labels: { "app.kubernetes.io/part-of": "another" } } };
const local = { chart: "./local/charts/datashim" };
const shared = { metadata: { name: "shared" }, provisioner: "example.org/shared" };

describe("preflight of Datashim", () => {
  let server: FakeApiServer;

  before(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "trustplane", "lab"));
  beforeEach(async () => {
    server = await new FakeApiServer().start();
  });
  afterEach(() => server.stop());

  async function looks(answers: Record<string, Answer>, datashim: Section, version = "v1.36.3"): Promise<void> {
    server.answers = { "/version": { gitVersion: version }, "/apis/storage.k8s.io/v1/storageclasses": [shared], ...answers };
    const cluster = { identifier: "lab", kubeconfig: server.kubeconfig };
    await preflight(await readWith({ cluster, plexus: { storageClass: { existing: "shared" }, datashim } }));
  }

  async function refusal(...args: Parameters<typeof looks>): Promise<PreflightError> {
    const error = await looks(...args).catch((reason: unknown) => reason);
    assert.ok(error instanceof PreflightError, `accepted, or refused otherwise: ${String(error)}`);
    return error;
  }

  it("passes where nothing is in the way, and where what is there is ours", async () => {
    await looks({}, local);
    await looks({ [DATASETS]: ours, [WEBHOOK]: ours, [NAMESPACE]: ours }, local);
  });

  it("names everything that another Datashim has left", async () => {
    const error = await refusal({ [DATASETS]: theirs, [WEBHOOK]: {}, [NAMESPACE]: ours }, local);
    const { found, wayOut } = problemAt(error, "trustplane:plexus.datashim.install");
    assert.match(found, /CustomResourceDefinition datasets\.datashim\.io, MutatingWebhookConfiguration dlf-mutating-webhook-cfg$/);
    assert.match(wayOut, /install: false/);
  });

  it("refuses a namespace that somebody else has", async () => {
    const { found } = problemAt(await refusal({ [NAMESPACE]: theirs }, local), "trustplane:plexus.datashim.install");
    assert.match(found, /Namespace dlf$/);
  });

  it("uses a Datashim that is there, by its version's API group, and refuses one that is not", async () => {
    await looks({ [DATASETS]: theirs }, { install: false });
    await looks({ [EARLIER]: theirs }, { install: false, version: "0.3.2" });
    const { found } = problemAt(await refusal({ [EARLIER]: theirs }, { install: false }), "trustplane:plexus.datashim.install");
    assert.equal(found, "false, and the cluster knows no Datasets of datashim.io");
  });

  it("refuses the webhook where the API server would ask it for every pod", async () => {
    const error = await refusal({}, local, "v1.27.9");
    assert.match(problemAt(error, "trustplane:plexus.datashim.webhook").found, /v1\.27\.9/);
    await looks({}, { ...local, webhook: { install: false } }, "v1.27.9");
  });

  it("says before anything is made that the chart cannot be had, and where it can", async () => {
    await server.hangUp();
    const gone = server.address;
    server = await new FakeApiServer().start();
    const { found, wayOut } = problemAt(await refusal({}, { repository: gone }), "trustplane:plexus.datashim.chart");
    assert.match(found, /index\.yaml: .*ECONNREFUSED/);
    assert.match(wayOut, /helm pull datashim-charts --repo https:\/\/datashim-io\.github\.io\/datashim --version 0\.4\.0/);
    assert.match(wayOut, /chart: \.\/datashim-charts-0\.4\.0\.tgz/);
  });
});

describe("chartFlaw", () => {
  const index = "entries:\n  datashim-charts:\n    - version: 0.4.1\n    - version: 0.4.0\n";
  let repository: string;
  let server: http.Server;

  before(async () => {
    server = http.createServer(({ url }, response) => {
      response.writeHead(url === "/charts/index.yaml" ? 200 : 404).end(index);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    repository = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
  });

  it("finds the pinned version and another one in the repository's index", async () => {
    assert.equal(await chartFlaw({ repository: `${repository}/charts/` }, {}), undefined);
    assert.equal(await chartFlaw({ repository: `${repository}/charts`, version: "0.4.1" }, {}), undefined);
  });

  it("tells which versions there are, that there is no such chart, and what the server answers", async () => {
    const charts = `${repository}/charts`;
    assert.equal(
      await chartFlaw({ repository: charts, version: "0.5.0" }, {}),
      `${charts} has datashim-charts in the versions 0.4.1, 0.4.0`,
    );
    assert.equal(await chartFlaw({ repository: charts, chart: "datashim" }, {}), `${charts} has no chart datashim`);
    assert.equal(await chartFlaw({ repository }, {}), `${repository}/index.yaml is answered with 404`);
  });

  it("leaves to Helm what only Helm can reach", async () => {
    assert.equal(await chartFlaw({ chart: "oci://registry.example.org/datashim" }, {}), undefined);
    assert.equal(await chartFlaw({ repository }, { https_proxy: "http://proxy.example.org:3128" }), undefined);
  });
});
