import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { DatashimCluster } from "./datashimCluster";
import { ProjectCopy } from "./projectCopy";

describe("GeocubeDatabase on an API server", () => {
  let project: ProjectCopy;
  let cluster: DatashimCluster;

  before(async () => {
    project = new ProjectCopy([]);
    const index = 'import { program } from "./tests/engine/geocubeDatabaseProgram";\nexport = program;\n';
    fs.writeFileSync(path.join(project.root, "index.ts"), index);
    cluster = new DatashimCluster((await ensureTools(["kubectl"], silentProgress)).kubectl.path, project.kubeconfig);
    project.run("up").expect(0);
  });

  after(() => {
    project.dispose();
  });

  const names = (kinds: string): string => cluster.kubectl("get", kinds, "-n", "geocube", "-o", "name");

  it("comes up where only the level restricted is admitted, and the schema's Job runs once the server is there", () => {
    assert.equal(cluster.read(["statefulset", "geocube-database", "-n", "geocube"], ".status.readyReplicas"), "1");
    assert.match(names("job"), /^job\.batch\/geocube-database-schema-[0-9a-f]{10}$/);
    assert.equal(cluster.read(["jobs", "-n", "geocube"], ".items[*].status.succeeded"), "1");
    assert.equal(cluster.read(["pvc", "geocube-database-data", "-n", "geocube"], ".status.phase"), "Bound");
    const leaf = cluster.read(["secret", "geocube-database-tls", "-n", "geocube"], ".data.tls\\.crt");
    assert.match(Buffer.from(leaf, "base64").toString(), /^-----BEGIN CERTIFICATE-----/);
  });

  it("has nothing to change in a second run", () => {
    assert.match(project.run("up").expect(0).text, /nothing changed/);
  });

  it("keeps the volumes of data and dumps on destroy, and names them", () => {
    const uid = (): string => cluster.read(["pvc", "-n", "geocube"], ".items[*].metadata.uid");
    const before = uid();
    const { text } = project.run("destroy", "--yes").expect(0);
    assert.match(
      text,
      /left on the cluster.*namespace \(geocube\).*-backups \(geocube\/geocube-database-backup\).*-data \(geocube\/geocube-database-data\)/,
    );
    assert.equal(
      names("statefulset,job,cronjob,pvc"),
      "persistentvolumeclaim/geocube-database-backup\npersistentvolumeclaim/geocube-database-data",
    );
    assert.equal(uid(), before);
  });
});
