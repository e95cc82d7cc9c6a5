import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { typescript } from "../checks";
import { duration, parseFlags, string } from "../node/images/geocube/goFlags";
import { libpqConnection } from "../node/images/geocube/psql";
import { neededSize } from "../node/images/geocube/queueBasedSize";

const folder = path.join(__dirname, "..", "node", "images", "geocube");

/** How a program ends, and what it says. */
function ended(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...typescript, path.join(folder, `${program}.ts`), ...args], {
    encoding: "utf8",
    env: { ...process.env, KUBERNETES_SERVICE_HOST: "" },
  });
  return `${status ?? "none"} ${(stderr + stdout).split("\n")[0] ?? ""}`;
}

describe("the programs that play Geocube's", () => {
  it("end with status 2 for a flag that upstream's do not have, or a value that Go does not read", () => {
    for (const program of ["server", "consolidater", "autoscaler", "downloader"])
      assert.equal(ended(program, "-unknown=1"), "2 flag provided but not defined: -unknown", program);
    assert.match(ended("server", "-workers=many"), /^2 invalid value "many" for flag -workers/);
    assert.match(ended("downloader", "-tls=on"), /^2 invalid value "on" for flag -tls/);
    assert.equal(ended("autoscaler", "-rc"), "2 flag needs an argument: -rc");
  });

  it("end as upstream's do without what they need", () => {
    assert.match(ended("server", "-ingestionStorage=/data"), /^1 .*missing --cancelledJobs storage flag/);
    assert.match(ended("consolidater", "-workdir=/tmp"), /^1 .*missing --cancelledJobs storage flag/);
    assert.equal(ended("autoscaler"), "2 panic: missing replication controller");
    assert.match(ended("autoscaler", "-rc=workers"), /^2 panic: rest\.inclusterconfig/);
  });

  it("read flags as Go does", () => {
    const flags = { update: duration(30_000), rc: string("none") };
    assert.deepEqual(parseFlags(flags, ["--update=1m30s", "-rc", "workers", "rest", "-ignored"]), { update: 90_000, rc: "workers" });
    assert.throws(() => parseFlags(flags, ["-update=30"]), /invalid value/);
    assert.throws(() => parseFlags(flags, ["---rc=x"]), /bad flag syntax/);
  });

  it("connect as lib/pq does: by TLS unless told otherwise, and with what libpq does not know left out", () => {
    assert.equal(libpqConnection("postgres://a:b@db:5432/c?binary_parameters=yes"), "postgres://a:b@db:5432/c?sslmode=require");
    assert.throws(() => libpqConnection("postgres://a:b@db/c?sslmode=prefer"), /unsupported sslmode/);
  });

  it("want as many workers as upstream's autoscaler", () => {
    const limits = { ratio: 1, minratio: 1, step: 16, max: 199, min: 0 };
    const sizes = [
      [0, 3],
      [5, 0],
      [500, 0],
      [500, 190],
      [2, 3],
      [1, 40],
    ].map(([jobs = 0, instances = 0]) => neededSize(limits, jobs, instances));
    assert.deepEqual(sizes, [0, 5, 16, 199, 2, 24]);
  });
});
