import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { renewAll } from "../node/certificates";
import type { DevStack } from "../node/devStack";
import { libpqConnection } from "../node/images/geocube/psql";
import { bottleFolder, execute } from "../node/machine";
import { eventually } from "../node/podStates";
import { runningContainers } from "../node/runningContainers";
import { SteadyCalls } from "../node/steadyCalls";
import { GeocubeClient } from "./geocubeClient";
import { geocubeStack, inGeocube, sql } from "./geocubeStack";

describe("Geocube's database on nodes", () => {
  let dev: DevStack;

  before(async () => {
    dev = await geocubeStack();
  });

  /** Every row of every table, by a digest. */
  function content(): string {
    const tables = ["records", "containers", "datasets", "jobs"].map((name) => `SELECT '${name}', t::text FROM geocube.${name} t`);
    return sql(dev, `SELECT count(*), md5(string_agg(rows::text, ',' ORDER BY rows::text)) FROM (${tables.join(" UNION ALL ")}) rows`);
  }

  /** The commands of the documentation that contain this. */
  function documented(text: string): string {
    const page = fs.readFileSync(path.join(projectRoot, "docs", "geocube-database.md"), "utf8");
    return [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, commands = ""]) => commands).find((each) => each.includes(text)) ?? "";
  }

  function shell(commands: string): void {
    const folder = path.dirname(dev.cluster.tools.kubectl.path);
    execute("env", [`PATH=${folder}:${process.env.PATH ?? ""}`, `KUBECONFIG=${dev.cluster.kubeconfig}`, "sh", "-ec", commands]);
  }

  it("is dumped, and restored from its dump as the documentation says", () => {
    sql(dev, "INSERT INTO geocube.records (name, tags) SELECT 'record ' || n, hstore('n', n::text) FROM generate_series(1, 1000) n");
    const before = content();
    inGeocube(dev, "create", "job", "dump", "--from=cronjob/geocube-database-backup");
    inGeocube(dev, "wait", "--for=condition=complete", "job/dump", "--timeout=180s");
    const [, dump = ""] = /wrote \/backup\/(\S+)/.exec(inGeocube(dev, "logs", "job/dump")) ?? [];
    sql(dev, "DELETE FROM geocube.records WHERE id % 2 = 0; DROP TABLE geocube.datasets; DELETE FROM geocube.jobs");
    shell(documented("pg_restore").replaceAll(/geocube-[0-9TZ]+\.dump/g, dump));
    assert.equal(content(), before);
  });

  /** Queries of a client in the pod of Geocube's server, over and over. */
  async function steadyQueries(): Promise<SteadyCalls> {
    const server = inGeocube(dev, "get", "pod", "geocube-database-0", "-o", "jsonpath={.status.podIP}");
    const secret = (key: string): string =>
      Buffer.from(inGeocube(dev, "get", "secret", "geocube-database-connection", "-o", `jsonpath={.data.${key}}`), "base64").toString();
    const bundle = path.join(bottleFolder(), "database-ca.crt");
    fs.writeFileSync(bundle, inGeocube(dev, "get", "configmap", "geocube-database-ca", "-o", "jsonpath={.data.ca-bundle\\.crt}"));
    const client = (await runningContainers(dev.cluster)).find(({ name }) => /^geocube\/apiserver-\S+ apiserver$/.test(name))?.process;
    assert.ok(client);
    const connection = new URL(libpqConnection(secret("connection")));
    connection.searchParams.delete("sslrootcert");
    const target = { address: server, connection: connection.href, bundle, psql: [dev.cluster.tools.postgresql.path, "psql"] };
    return new SteadyCalls(client.node.machine, target, client.pid);
  }

  it("serves two renewals, as Geocube's server does, to clients that connect anew for every tenth request, and fails none", async () => {
    const all = { queries: await steadyQueries(), requests: (await GeocubeClient.create(dev)).steadyCalls() };
    for (const leaves of [1, 2, 3]) {
      if (leaves > 1) await renewAll(dev.cluster);
      await eventually(`${leaves} leaves were served`, 300, () => {
        const seen = Object.values(all).map((calls) => calls.now());
        return seen.filter((now) => now.leaves.length < leaves).map((now) => JSON.stringify(now).slice(0, 2000));
      });
    }
    for (const [what, calls] of Object.entries(all)) {
      const { requests, leaves } = await calls.stop();
      console.log(`    ${requests} ${what}, ${leaves.length} leaves`);
    }
  });
});
