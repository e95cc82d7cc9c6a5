import { tmpdir } from "node:os";
import { gdalFlags, initGdal } from "./gdal";
import { bool, int, string } from "./goFlags";
import { log, ownFlags, runProgram } from "./goProgram";
import { answer, isGrpc } from "./grpc";
import { version } from "./serverMethods";
import { listen } from "./webServer";

// Geocube's downloader: what cmd/downloader/main.go does at its start, with its flags and files. It answers gRPC alone, and asks nobody who he is.
// https://github.com/airbusgeo/geocube/blob/34e5d48182cf87acf8b4d5377dd7440ce5f8ae79/cmd/downloader/main.go

async function run(): Promise<void> {
  const flags = ownFlags({
    tls: bool(false),
    port: string("8080"),
    maxConnectionAge: int(900),
    workers: int(1),
    "chunk-size": int(1_048_576),
    workdir: string(tmpdir()),
    ...gdalFlags,
  });
  if (flags.port === "") throw new Error("failed to initialize --port application flag");
  initGdal(flags);
  log("info", "Geocube v1.0.3");
  process.on("SIGINT", () => process.exit(0));
  listen(flags.port, flags.tls, (request, response) => {
    // what the library's handler says to everybody else
    if (!isGrpc(request)) response.writeHead(request.httpVersionMajor === 2 ? 415 : 505).end("gRPC requires HTTP/2\n");
    else void answer({ "/geocube.GeocubeDownloader/Version": version }, request, response);
  });
  await new Promise(() => undefined);
}

runProgram(run);
