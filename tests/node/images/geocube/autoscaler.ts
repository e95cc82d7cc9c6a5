import { setTimeout as sleep } from "node:timers/promises";
import { duration, float, string, uint } from "./goFlags";
import { log, NotPlayed, ownFlags, Panic, runProgram } from "./goProgram";
import { backlog } from "./pgqueue";
import { ping } from "./psql";
import { neededSize, refuseLimits } from "./queueBasedSize";
import { ReplicationController } from "./replicationController";

// Geocube's autoscaler: what cmd/autoscaler/main.go and interface/autoscaler do, in their order, with their flags.
// https://github.com/airbusgeo/geocube/blob/1cc41de7b0e95ac232f2c57ca9e202fc58f19b79/cmd/autoscaler/main.go
// https://github.com/airbusgeo/geocube/blob/5fceb562227b7015188361819e514608d4f7b623/interface/autoscaler/autoscaler.go

function configuration() {
  const flags = ownFlags({
    update: duration(30_000),
    "ps-project": string(),
    "pgq-connection": string(),
    queue: string(),
    rc: string(),
    ns: string("default"),
    ratio: float(10),
    minratio: float(0),
    step: uint(3),
    max: uint(15),
    min: uint(0),
    "pod.cost.path": string(),
    "pod.cost.port": uint(0),
  });
  if (flags.rc === "") throw new Panic("missing replication controller");
  if (flags.step === 0) throw new Panic("step must be >0");
  return flags;
}

async function run(): Promise<void> {
  const flags = configuration();
  const controller = new ReplicationController(flags.rc, flags.ns, { path: flags["pod.cost.path"], port: flags["pod.cost.port"] });
  const connection = flags["pgq-connection"];
  if (connection === "" && flags["ps-project"] !== "") throw new NotPlayed("Pub/Sub");
  if (connection === "") throw new Panic("missing backlog configuration (e.g. queue, ps-project or pgq-connection)");
  await ping(connection).catch((error: unknown) => {
    throw new Panic((error as Error).message);
  });
  log("info", `starting autoscaler with refresh ${flags.update / 1000}s`);
  for (let next = Date.now(); ; next += flags.update) {
    await sleep(Math.max(0, next - Date.now()));
    await autoscale(flags, controller);
  }
}

/** An error, whatever it is, is only told: the next look may do better. */
async function autoscale(flags: ReturnType<typeof configuration>, controller: ReplicationController): Promise<void> {
  try {
    refuseLimits(flags);
    const queue = { connection: flags["pgq-connection"], name: flags.queue };
    const [jobs, instances] = await Promise.all([backlog(queue), controller.size()]);
    const needed = neededSize(flags, jobs, instances);
    if (needed === instances) return;
    if (needed > instances || jobs === 0) await controller.resize(needed);
    else await controller.scaleDown(needed);
    log("info", "autoscaled", { backlog: jobs, instances, delta: needed - instances });
  } catch (error) {
    if (error instanceof Panic) throw error;
    log("error", "failed autoscale", { error: String(error) });
  }
}

runProgram(run);
