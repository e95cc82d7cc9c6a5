import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import type { DevStack } from "../node/devStack";
import { bottleFolder } from "../node/machine";
import { eventually, startedAgain } from "../node/podStates";
import { killContainers, wrongRights } from "../node/runningContainers";
import { GeocubeClient, release } from "./geocubeClient";
import { bringUp, geocubeStack, inGeocube, sql, takeDown, workers } from "./geocubeStack";

const own = /^geocube\//;

describe("Geocube on nodes", () => {
  let dev: DevStack;
  let client: GeocubeClient;

  before(async () => {
    dev = await geocubeStack();
    client = await GeocubeClient.create(dev);
  });

  it("has a database whose first start was killed during initdb and mended by the next", () => {
    const { status } = JSON.parse(inGeocube(dev, "get", "pod", "geocube-database-0", "-o", "json")) as V1Pod;
    const [first] = status?.initContainerStatuses ?? [];
    assert.deepEqual([first?.lastState?.terminated?.exitCode, first?.state?.terminated?.exitCode], [137, 0]);
    const volume = inGeocube(dev, "get", "persistentvolumeclaim", "geocube-database-data", "-o", "jsonpath={.spec.volumeName}");
    assert.deepEqual(fs.readdirSync(path.join(bottleFolder(), "volumes", volume)), ["pgdata"]);
  });

  it("has a schema that its Job made, and brings up to date with what is in it", async () => {
    assert.equal(sql(dev, "SELECT version FROM trustplane.geocube_schema"), "1.1.0");
    sql(dev, "INSERT INTO geocube.records (name, tags) VALUES ('before the update', '')");
    const update = "local/geocube/update.sql";
    fs.writeFileSync(path.join(dev.stack.project.root, update), "CREATE TABLE geocube.grids (name TEXT PRIMARY KEY);\n");
    await bringUp(dev, {
      "trustplane:geocube.database.schema.version": "1.2.0",
      "trustplane:geocube.database.schema.updates": [{ version: "1.2.0", file: update }],
    });
    assert.equal(sql(dev, "SELECT version FROM trustplane.geocube_schema ORDER BY applied"), "1.1.0\n1.2.0");
    assert.equal(sql(dev, "SELECT name FROM geocube.records"), "before the update");
    assert.equal(sql(dev, "SELECT has_table_privilege('apiserver', 'geocube.grids', 'INSERT')"), "t");
  });

  it("runs with the user, the root file system, the filters and the capabilities of its manifests", async () => {
    assert.deepEqual(await wrongRights(dev.cluster, own, 5), []);
  });

  it("is Ready again, with its data, after every container was killed", async () => {
    const job = client.consolidate(["kept"]);
    await client.reaches(job, "DONE");
    // who has no work may go at any moment
    await eventually("no worker is there", 120, () => workers(dev));
    await startedAgain(dev.cluster, () => killContainers(dev.cluster, own), own);
    await client.reaches(job, "DONE");
    assert.equal(fs.readFileSync(job.result, "utf8"), "kept");
  });

  it("leaves nothing but its data when it is taken out of the stack, and goes on with them and with the job that was under way", async () => {
    const done = client.consolidate(["kept, too"]);
    await client.reaches(done, "DONE");
    const underWay = client.consolidateSlowly();
    await eventually("a worker is there", 120, () => (workers(dev).length === 1 ? [] : ["none"]));
    takeDown(dev).expect(0);
    const kinds =
      "pods,rc,deployments,statefulsets,jobs,cronjobs,services,secrets,networkpolicies,serviceaccounts,roles,rolebindings,persistentvolumeclaims,certificates";
    const claims = ["data", "database-backup", "database-data"].map((name) => `persistentvolumeclaim/geocube-${name}`);
    assert.deepEqual(inGeocube(dev, "get", kinds, "-o", "name").split("\n").sort(), [...claims, "serviceaccount/default"]);
    await bringUp(dev);
    await client.reaches(done, "DONE");
    await release(underWay);
    await client.reaches(underWay, "DONE");
  });
});
