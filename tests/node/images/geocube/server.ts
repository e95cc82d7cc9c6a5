import { gdalFlags, initGdal } from "./gdal";
import { bool, int, string } from "./goFlags";
import { log, NotPlayed, ownFlags, runProgram } from "./goProgram";
import { answer, isGrpc } from "./grpc";
import { Jobs, type JobEvent, type TaskEvent } from "./jobs";
import { publish, pull } from "./pgqueue";
import { ping } from "./psql";
import { geocubeMethods } from "./serverMethods";
import { listen } from "./webServer";

// Geocube's server: what cmd/server/main.go does at its start, in its order, with its flags and files, and a little of what it serves.
// https://github.com/airbusgeo/geocube/blob/1cc41de7b0e95ac232f2c57ca9e202fc58f19b79/cmd/server/main.go

const connectionFlags = ["dbConnection", "dbName", "dbUser", "dbHost", "dbPassword", "dbSecretName"] as const;
const queueFlags = ["project", "pgqConnection", "eventsQueue", "consolidationsQueue"] as const;
const texts = [...connectionFlags, ...queueFlags, "cancelledJobs", "ingestionStorage", "baSecretName"] as const;

function configuration() {
  const flags = ownFlags({
    port: string("8080"),
    tls: bool(false),
    maxConnectionAge: int(0),
    workers: int(1),
    ...(Object.fromEntries(texts.map((name) => [name, string()])) as Record<(typeof texts)[number], ReturnType<typeof string>>),
    ...gdalFlags,
  });
  if (flags.port === "") throw new Error("failed to initialize --port application flag");
  if (flags.cancelledJobs === "" && flags.ingestionStorage !== "") throw new Error("missing --cancelledJobs storage flag");
  return flags;
}

type Configuration = ReturnType<typeof configuration>;

function databaseConnection(flags: Configuration): string {
  const { dbConnection, dbName, dbUser, dbHost, dbPassword, dbSecretName, project } = flags;
  if (dbConnection !== "") return dbConnection;
  if (dbPassword !== "") {
    const missing = Object.entries({ dbName, dbUser, dbHost }).find(([, value]) => value === "");
    if (missing !== undefined) throw new Error(`pg.GetConnString: missing ${missing[0]} flag`);
    return `postgres://${dbUser}:${dbPassword}@${dbHost}/${dbName}?binary_parameters=yes`;
  }
  if (dbSecretName === "") throw new Error("pg.GetConnString: missing secretName flag");
  if (project === "") throw new Error("pg.GetConnString: missing project flag");
  throw new NotPlayed("Google's Secret Manager");
}

async function run(): Promise<void> {
  const flags = configuration();
  initGdal(flags);
  const connection = databaseConnection(flags);
  await ping(connection);
  const { pgqConnection, consolidationsQueue, eventsQueue, ingestionStorage, cancelledJobs } = flags;
  if (pgqConnection !== "") await ping(pgqConnection);
  else if (flags.project !== "") throw new NotPlayed("Pub/Sub");
  const publishes = pgqConnection !== "" && consolidationsQueue !== "";
  if ((ingestionStorage === "") === publishes)
    throw new Error("svc.new: invalid arguments: ingestionStoragePath and consolidationPublisher must be defined");
  const events = { connection: pgqConnection, name: eventsQueue };
  const jobs = new Jobs({
    connection,
    ingestionStorage,
    cancelledJobs,
    publishEvent: (event) => publish(events, event),
    publishOrder: (order) => publish({ connection: pgqConnection, name: consolidationsQueue }, order),
  });
  log("info", "Geocube v1.0.3");
  if (flags.baSecretName !== "") throw new NotPlayed("Google's Secret Manager");
  serve(flags, jobs);
  if (pgqConnection !== "" && eventsQueue !== "") await pull(events, (event) => jobs.handle(event as JobEvent | TaskEvent));
  await new Promise(() => undefined);
}

function serve({ port, tls }: Configuration, jobs: Jobs): void {
  const methods = geocubeMethods(jobs);
  process.on("SIGINT", () => process.exit(0));
  listen(port, tls, (request, response) => {
    if (isGrpc(request)) {
      void answer(methods, request, response);
      return;
    }
    // the catalogue's pictures are none of what is played
    if (request.url.startsWith("/v1/catalog")) response.writeHead(404, { "access-control-allow-origin": "*" }).end();
    else response.end("ok");
  });
}

runProgram(run);
