import * as fs from "node:fs";
import * as path from "node:path";
import type { TestTools } from "../../testTools";
import type { ImageConfig } from "./archive";
import type { ImageRoot } from "./imageRoot";

/**
 * What the official image's entrypoint does for a user who is not root: without data it makes some, and lets nobody in without a password.
 * @see https://github.com/docker-library/postgres/blob/master/docker-entrypoint.sh
 */
const entrypoint = `#!/bin/bash
set -Eeo pipefail
if [ "\${1:0:1}" = '-' ]; then set -- postgres "$@"; fi
if [ "$1" = 'postgres' ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    exit 1
  fi
  initdb --username="\${POSTGRES_USER:-postgres}" --pwfile=<(printf '%s\\n' "$POSTGRES_PASSWORD")
fi
exec "$@"
`;

const defaultLibraries = "usr/lib/x86_64-linux-gnu";

/** PostgreSQL and PostGIS of this Debian, with the commands that Debian's images have. */
export const postgisConfig: ImageConfig = {
  Entrypoint: ["/usr/local/bin/docker-entrypoint.sh"],
  Cmd: ["postgres"],
  Env: ["PATH=/usr/local/bin:/usr/bin:/bin:/usr/lib/postgresql/15/bin", "LANG=C.UTF-8", "PGDATA=/var/lib/postgresql/data"],
  StopSignal: "SIGINT",
};

export function fillPostgis(root: ImageRoot, tools: TestTools): void {
  root.installed(["dash", "bash", "coreutils", "sed", "grep", "findutils", "gzip", "tar"]);
  root.text("etc/passwd", "root:x:0:0:root:/root:/bin/bash\npostgres:x:999:999::/var/lib/postgresql:/bin/bash\n");
  root.text("usr/local/bin/docker-entrypoint.sh", entrypoint, 0o755);
  fillServer(root, tools);
}

function fillServer(root: ImageRoot, tools: TestTools): void {
  const folder = path.dirname(tools.postgresql.path);
  const libraries = fs
    .readdirSync(path.join(folder, "usr/lib"), { recursive: true, encoding: "utf8" })
    // compiles queries, with a compiler of 100 MB
    .filter((file) => /\.so(\.|$)/.test(file) && !file.includes("llvmjit"))
    .map((file) => path.join("usr/lib", file));
  const folders = [...new Set(libraries.map((file) => path.dirname(file)))];
  const bin = "usr/lib/postgresql/15/bin";
  const programs = [...fs.readdirSync(path.join(folder, bin)).map((name) => path.join(bin, name)), ...libraries];
  root.packages(folder, ["usr", "etc"], folders.map((one) => path.join(folder, one)).join(":"), programs);
  // found by the loader without a cache of its own
  for (const library of libraries.filter((file) => /\/(blas|lapack)\//.test(file)))
    root.link(`/${library}`, path.join(defaultLibraries, path.basename(library)));
}
