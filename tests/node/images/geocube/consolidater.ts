import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { copyFile, exists } from "./filesystem";
import { gdalFlags, initGdal } from "./gdal";
import { bool, int, string } from "./goFlags";
import { log, NotPlayed, ownFlags, runProgram } from "./goProgram";
import type { Order, TaskEvent } from "./jobs";
import { publish, pull, Temporary } from "./pgqueue";
import { ping } from "./psql";

// Geocube's consolidater: what cmd/consolidater/main.go does, in its order, with its flags. Images are put together byte by byte, not by GDAL.
// https://github.com/airbusgeo/geocube/blob/a066efe0d21cf112fda5f400415b79e8b61f37e5/cmd/consolidater/main.go
// https://github.com/airbusgeo/geocube/blob/05e2a738c3f8adbace2d3441f38fb8c1bc29ce1b/internal/image/handler_consolidation.go

let jobStarted: number | undefined;

function configuration() {
  const flags = ownFlags({
    workdir: string(),
    cancelledJobs: string(),
    retryCount: int(1),
    workers: int(1),
    "local-download": bool(true),
    "local-download-max-mb": int(0),
    pgqConnection: string(),
    psProject: string(),
    consolidationsQueue: string(),
    eventsQueue: string(),
    ...gdalFlags,
  });
  if (flags.workdir === "") throw new Error("missing --workdir config flag");
  if (flags.cancelledJobs === "") throw new Error("missing --cancelledJobs storage flag");
  return flags;
}

/** Milliseconds since the job that is under way was begun. What keeps it from listening is told to nobody. */
function serveCost(): void {
  const server = http.createServer((request, response) => {
    if (request.url?.split("?")[0] === "/termination_cost") response.end(String(jobStarted === undefined ? 0 : Date.now() - jobStarted));
    else response.writeHead(404).end("404 page not found\n");
  });
  server.on("error", () => undefined).listen(9000);
}

async function run(): Promise<void> {
  const flags = configuration();
  serveCost();
  initGdal(flags);
  const { pgqConnection, consolidationsQueue, eventsQueue, cancelledJobs, workdir } = flags;
  if (pgqConnection === "" && consolidationsQueue + eventsQueue !== "") throw new NotPlayed("Pub/Sub");
  if (pgqConnection !== "") await ping(pgqConnection);
  if (consolidationsQueue === "") throw new Error("missing configuration for taskConsumer");
  if (eventsQueue === "") throw new Error("missing configuration for eventPublisher");
  log("debug", `consolidater starts pulling on pgqueue:${consolidationsQueue} with ${flags.workers} worker(s)`);
  await pull({ connection: pgqConnection, name: consolidationsQueue }, async (message) => {
    const order = message as Order;
    jobStarted = Date.now();
    const { JobID, TaskID } = order;
    try {
      log("info", `start consolidation of ${order.Datasets.length} datasets into the container: ${order.ContainerURI}`, { JobID, TaskID });
      const result = await statusOf(() => consolidate(order, workdir, cancelledJobs));
      await publish({ connection: pgqConnection, name: eventsQueue }, { JobID, TaskID, ...result }).catch((error: unknown) => {
        throw new Temporary(`PublishTaskEvent: ${String(error)}`);
      });
    } finally {
      jobStarted = undefined;
    }
  });
}

async function statusOf(work: () => Promise<TaskEvent["Status"]>): Promise<Pick<TaskEvent, "Status" | "Error">> {
  try {
    return { Status: await work(), Error: "" };
  } catch (error) {
    log("error", `failed to consolidate: ${String(error)}`);
    return { Status: "TaskFailed", Error: String(error) };
  }
}

/** Copies the datasets to a folder of its own in the work folder, makes one file of them there, and copies that to its place in the storage. */
async function consolidate(order: Order, workdir: string, cancelledJobs: string): Promise<TaskEvent["Status"]> {
  const mark = `${cancelledJobs}/${order.JobID}_${order.TaskID}`;
  if (await exists(mark)) return "TaskCancelled";
  const folder = path.join(workdir, randomUUID());
  // a work folder that is missing is nobody's to make
  await fs.promises.mkdir(folder);
  try {
    const copies = order.Datasets.map((uri, number) => ({ uri, copy: path.join(folder, String(number)) }));
    await Promise.all(copies.map(({ uri, copy }) => copyFile(uri, copy)));
    const result = path.join(folder, "result");
    for (const { copy } of copies) await fs.promises.appendFile(result, await fs.promises.readFile(copy));
    if (await exists(mark)) throw new Error("consolidation event is cancelled");
    await copyFile(result, order.ContainerURI);
    return "TaskSuccessful";
  } finally {
    await fs.promises.rm(folder, { recursive: true, force: true });
  }
}

runProgram(run);
