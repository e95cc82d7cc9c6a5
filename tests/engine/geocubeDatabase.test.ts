import assert from "node:assert/strict";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import * as tls from "node:tls";
import { certificateAuthority } from "../certificates";
import { script } from "../unit/geocubeDatabaseFixture";
import { eventually } from "./controlPlaneTestbed";
import { endOf } from "./loopbackDatabase";
import { GeocubeDatabaseTestbed, host, schemaOf, scripts } from "./geocubeDatabaseTestbed";

const insert = `INSERT INTO geocube.records (name, tags) VALUES ('a', 'k=>v'); INSERT INTO pgq_jobs (queue_name, data) VALUES ('events', 'x');
  INSERT INTO geocube.aoi (geom) VALUES (ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4326)); SELECT ST_Area(geom) FROM geocube.aoi`;
const versions = "SELECT string_agg(version || ' ' || script, ', ' ORDER BY version) FROM trustplane.geocube_schema";
const updated = schemaOf({
  updates: [
    { version: "0.9.0", ...script("SELECT nonsense;") },
    { version: "1.1.0", ...script(scripts.update) },
  ],
});

describe("GeocubeDatabase on a real PostgreSQL with PostGIS", () => {
  let testbed: GeocubeDatabaseTestbed;

  before(async () => {
    testbed = await GeocubeDatabaseTestbed.create();
  });

  after(async () => {
    await testbed.server.dispose();
  });

  it("makes its data whole, at whatever moment its making is killed", async () => {
    const { server } = testbed;
    const begun = `${server.data}.begun`;
    for (const moment of [begun, `${begun}/PG_VERSION`, `${begun}/global/pg_control`, `${begun}/base/4`]) {
      const making = server.initialise();
      const ended = once(making, "exit");
      await eventually(`there is ${moment}`, () => Promise.resolve(fs.existsSync(moment)));
      process.kill(-(making.pid ?? 0), "SIGKILL");
      assert.deepEqual(await ended, [null, "SIGKILL"]);
      assert.ok(!fs.existsSync(server.data), moment);
    }
    for (const run of ["makes it", "finds it"]) {
      const { code, text } = await endOf(server.initialise());
      assert.equal(code, 0, text);
      assert.equal(text.includes("Success"), run === "makes it", text);
    }
    assert.ok(!fs.existsSync(begun));
  });

  it("removes no data that are not whole, and says so", async () => {
    const { server } = testbed;
    const [control, aside] = [path.join(server.data, "global", "pg_control"), path.join(server.folder, "pg_control")];
    fs.renameSync(control, aside);
    const { code, text } = await endOf(server.initialise());
    fs.renameSync(aside, control);
    assert.equal(code, 1);
    assert.match(text, /data is no whole data directory of PostgreSQL: PG_VERSION or global\/pg_control is missing/);
  });

  it("is ready only with the database, which the companion makes, however often it and the server are killed", async () => {
    await testbed.server.startServer();
    assert.equal(await testbed.ready(), false);
    for (const time of [1, 2]) {
      const companion = testbed.companion();
      const ended = once(companion, "exit");
      await eventually(`it is ready, time ${time}`, () => testbed.ready());
      companion.kill("SIGKILL");
      await ended;
      await testbed.server.stopServer("SIGQUIT");
      await testbed.server.startServer();
      if (time === 1) testbed.server.sql("DROP DATABASE geocube", "postgres");
    }
    assert.equal(await testbed.ready(), true);
    testbed.server.sql("ALTER ROLE postgres PASSWORD 'the password of an earlier stack'");
  });

  it("serves with the generated arguments, and over the network by TLS alone", async () => {
    const shown = ["max_connections", "ssl", "hba_file"].map((name) => testbed.server.sql(`SHOW ${name}`));
    assert.deepEqual(shown, ["1024", "on", path.join(testbed.server.folder, "pg_hba.conf")]);
    const { code, text } = await testbed.asClient("SELECT 1", { sslmode: "disable" });
    assert.notEqual(code, 0);
    assert.match(text, /no pg_hba\.conf entry for host .* no encryption/);
  });

  it("takes the Secret's password by the companion, although the kept data know another, and reads a renewed leaf without a restart", async () => {
    const refused = await testbed.bootstrap();
    assert.notEqual(refused.code, 0);
    assert.match(refused.text, /did not answer within 6 s: .*password authentication failed/s);

    const companion = testbed.companion();
    const ended = once(companion, "exit");
    const started = testbed.server.sql("SELECT pg_postmaster_start_time()");
    const before = await servedSerial(testbed.server.port);
    await testbed.renewLeaf();
    await eventually("the renewed leaf is served", async () => (await servedSerial(testbed.server.port)) !== before);
    assert.equal(testbed.server.sql("SELECT pg_postmaster_start_time()"), started);
    companion.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
  });

  it("serves a leaf that was renewed while no companion ran", async () => {
    const before = await servedSerial(testbed.server.port);
    await testbed.renewLeaf();
    const companion = testbed.companion();
    const ended = once(companion, "exit");
    await eventually("the renewed leaf is served", async () => (await servedSerial(testbed.server.port)) !== before);
    companion.kill("SIGTERM");
    await ended;
  });

  it("leaves nothing of a script that fails in the middle", async () => {
    const broken = schemaOf({ create: script(`${scripts.create}SELECT nonsense;`) });
    const { code, text } = await testbed.bootstrap(broken);
    assert.notEqual(code, 0);
    assert.match(text, /create\.sql:9: ERROR: .*nonsense/);
    assert.equal(testbed.server.sql("SELECT to_regnamespace('geocube')"), "");
  });

  it("is bootstrapped by the Job's script twice in a row, over verify-full TLS", async () => {
    const first = await testbed.bootstrap();
    assert.equal(first.code, 0, first.text);
    assert.match(first.text, /applying create\.sql: version 1\.0\.0[\s\S]*applying queue\.sql[\s\S]*at version 1\.0\.0/);
    const second = await testbed.bootstrap();
    assert.deepEqual([second.code, second.text], [0, "the schema is at version 1.0.0\n"]);
    assert.equal(testbed.server.sql("SELECT schemaname FROM pg_tables WHERE tablename = 'pgq_jobs'"), "public");
  });

  it("lets Geocube's role insert, and nothing beyond", async () => {
    const inserted = await testbed.asClient(insert);
    assert.deepEqual([inserted.code, inserted.text.trim()], [0, "0.5"], inserted.text);
    for (const forbidden of [
      "CREATE TABLE geocube.other (id int)",
      "DROP TABLE geocube.records",
      "CREATE ROLE other",
      "DELETE FROM trustplane.geocube_schema",
    ]) {
      const { code, text } = await testbed.asClient(forbidden);
      assert.notEqual(code, 0, forbidden);
      assert.match(text, /permission denied|must be owner/);
    }
  });

  it("is refused by clients that trust another CA, or reach it by another name", async () => {
    const { certificate: ca } = await certificateAuthority("another CA");
    for (const { code, text } of [await testbed.bootstrap(schemaOf(), { ca }), await testbed.asClient("SELECT 1", { ca })]) {
      assert.notEqual(code, 0);
      assert.match(text, /certificate verify failed/);
    }
    const { text } = await testbed.asClient("SELECT 1", { host: "database.example.org" });
    assert.match(text, /server certificate for "geocube-database\.geocube\.svc" .*does not match host name "database\.example\.org"/);
  });

  it("is brought up to a newer schema by what it lacks alone, once, which the role may use as well", async () => {
    const { code, text } = await testbed.bootstrap(updated);
    assert.equal(code, 0, text);
    assert.ok(!text.includes("0.9.0"), text);
    assert.equal(testbed.server.sql(versions), "1.0.0 create.sql, 1.1.0 update-1.1.0.sql");
    assert.equal((await testbed.bootstrap(updated)).text, "the schema is at version 1.1.0\n");
    assert.equal((await testbed.asClient("INSERT INTO geocube.logs DEFAULT VALUES")).code, 0);
  });

  it("takes tables of somebody else only by the version that they are said to have", async () => {
    testbed.server.sql("DROP SCHEMA trustplane CASCADE; DROP TABLE geocube.logs");
    const refused = await testbed.bootstrap(schemaOf());
    assert.equal(refused.code, 1);
    assert.match(refused.text, /nothing says of which version: name it in schema\.adopt/);
    const adopted = await testbed.bootstrap(schemaOf({ adopt: "1.1.0", updates: updated.updates }));
    assert.equal(adopted.text, "the schema is at version 1.1.0\n");
    assert.equal(testbed.server.sql(versions), "1.1.0 adopted");
  });

  it("is dumped into files of which the newest stay", async () => {
    const folder = fs.mkdtempSync(path.join(testbed.server.folder, "backup-"));
    for (const day of ["20260101", "20260102"]) fs.writeFileSync(path.join(folder, `geocube-${day}T000000Z.dump`), "");
    const { code, text } = await endOf(testbed.backup(folder));
    assert.equal(code, 0, text);
    const [oldest, newest = "", ...others] = fs.readdirSync(folder).sort();
    assert.deepEqual([oldest, others], ["geocube-20260102T000000Z.dump", []]);
    const listed = await testbed.server.run(["pg_restore"], ["--list", path.join(folder, newest)], {});
    assert.match(listed.text, /TABLE DATA geocube records/);
  });

  it("is dumped by two Jobs at once, while what a killed one has left is no dump and goes in time", async () => {
    const folder = fs.mkdtempSync(path.join(testbed.server.folder, "backup-"));
    const files = (): readonly string[] => fs.readdirSync(folder);
    const { server } = testbed;
    const lock = "BEGIN; LOCK TABLE geocube.records; SELECT pg_sleep(3600)";
    const locker = server.spawn(
      ["psql"],
      ["-h", server.folder, "-p", String(server.port), "-U", "postgres", "-d", "geocube", "-c", lock],
      {},
    );
    const waiting = `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND wait_event_type = 'Lock'`;
    const dumpsWait = (count: number): Promise<void> =>
      eventually(`${count} dumps wait`, () => Promise.resolve(server.sql(waiting) === String(count)));
    await eventually("the table is locked", () =>
      Promise.resolve(server.sql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'") !== "0"),
    );

    const killed = testbed.backup(folder);
    await dumpsWait(1);
    process.kill(-(killed.pid ?? 0), "SIGKILL");
    await once(killed, "close");
    const [left = "", ...others] = files();
    assert.deepEqual([left.startsWith(".partial"), others], [true, []]);

    const both = [testbed.backup(folder), testbed.backup(folder)].map(endOf);
    await dumpsWait(3);
    assert.ok(files().includes(left));
    server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK%'");
    await once(locker, "close");
    for (const { code, text } of await Promise.all(both)) assert.equal(code, 0, text);
    for (const dump of files().filter((name) => name !== left))
      assert.equal((await server.run(["pg_restore"], ["--list", path.join(folder, dump)], {})).code, 0, dump);

    fs.utimesSync(path.join(folder, left), 0, 0);
    assert.equal((await endOf(testbed.backup(folder))).code, 0);
    assert.ok(
      files().every((name) => name.endsWith(".dump")),
      files().join(),
    );
  });
});

/** Serial number of the leaf that a new connection is shown. @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL */
async function servedSerial(port: number): Promise<string> {
  const socket = net.connect(port, "127.0.0.1");
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
  await once(socket, "data");
  const secured = tls.connect({ socket, servername: host, rejectUnauthorized: false });
  await once(secured, "secureConnect");
  const { serialNumber } = secured.getPeerCertificate();
  secured.destroy();
  return serialNumber;
}
