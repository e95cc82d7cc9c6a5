import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { preflight } from "../../preflight/preflight";
import { PreflightError } from "../../preflight/preflightError";
import { FakeApiServer } from "./fakeApiServer";
import { readWith } from "./stackConfig";

const claim = { spec: { accessModes: ["ReadWriteOncePod"], storageClassName: "old", resources: { requests: { storage: "9Ti" } } } };

/** What a destroy has left of every system that keeps data, as another configuration made it. */
describe("preflight of the claims that stay on destroy", () => {
  const server = new FakeApiServer();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "claims-"));
  const schema = path.join(folder, "schema.sql");

  before(async () => {
    fs.writeFileSync(schema, "CREATE SCHEMA geocube;\n");
    await server.start();
  });
  after(async () => {
    await server.stop();
    fs.rmSync(folder, { recursive: true });
  });

  function sections(storageClass: string): Readonly<Record<string, unknown>> {
    const image = { image: "registry.example.org/geocube:1.0.3" };
    const storage = { storageClass };
    const scripts = { version: "1.1.0", create: { file: schema }, queue: { file: schema } };
    return {
      ponos: {
        ...{ url: "https://arkindex.example.org", farmId: "farm", image: "registry.example.org/ponos-agent:1.2.3", generateSeed: true },
        ...{ storage, namespace: "ponos" },
      },
      geocube: {
        database: { type: "builtIn", schema: scripts, storage, backup: { storageClass } },
        ...{
          apiserver: image,
          consolidater: image,
          autoscaler: image,
          clientNamespaces: ["science"],
          storage: { type: "volume", ...storage },
        },
      },
      workers: {
        registry: { host: "images.example.org", exposure: { type: "nodePort", port: 30500 }, storage: { type: "volume", storageClass } },
      },
    };
  }

  it("refuses each whose mode, class or size cannot be had, before anything is made", async () => {
    const claims = ["ponos/ponos-data", "geocube/geocube-data", "geocube/geocube-database-data", "geocube/geocube-database-backup"];
    const places = [...claims, "image-registry/image-registry-data"].map((id) => {
      const [namespace = "", name = ""] = id.split("/");
      return [`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`, claim] as const;
    });
    server.answers = {
      "/version": { gitVersion: "v1.36.3" },
      "/apis/storage.k8s.io/v1/storageclasses": [{ metadata: { name: "new" }, provisioner: "nfs.csi.k8s.io" }],
      ...Object.fromEntries(places),
    };
    const config = await readWith({ cluster: { identifier: "lab", kubeconfig: server.kubeconfig }, ...sections("new") });
    const error = await preflight(config).catch((reason: unknown) => reason);
    assert.ok(error instanceof PreflightError, String(error));
    const owners = ["ponos.storage", "geocube.storage", "geocube.database.storage", "geocube.database.backup", "workers.registry.storage"];
    assert.deepEqual(
      error.problems.map(({ path: at }) => at),
      owners.flatMap((owner) => ["accessMode", "storageClass", "size"].map((key) => `trustplane:${owner}.${key}`)),
    );
  });
});
