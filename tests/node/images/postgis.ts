import * as fs from "node:fs";
import * as path from "node:path";
import { DATABASE_IMAGE } from "../../../config/geocubeDatabaseFields";
import type { TestTools } from "../../testTools";
import type { ImageRoot } from "./imageRoot";
import type { ImageContent } from "./writeImages";

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

/** PostgreSQL and PostGIS of this Debian, with the commands that Debian's images have. */
export const postgisImage: ImageContent = {
  images: {
    [DATABASE_IMAGE]: {
      Entrypoint: ["/usr/local/bin/docker-entrypoint.sh"],
      Cmd: ["postgres"],
      Env: ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "PGDATA=/var/lib/postgresql/data"],
      StopSignal: "SIGINT",
    },
  },
  fill: (root, tools) => {
    root.installed(["dash", "bash", "coreutils", "sed", "grep", "findutils", "gzip", "tar"]);
    root.copied("/usr/lib/locale/C.utf8");
    root.text("etc/passwd", "root:x:0:0:root:/root:/bin/bash\npostgres:x:999:999::/var/lib/postgresql:/bin/bash\n");
    root.text("usr/local/bin/docker-entrypoint.sh", entrypoint, 0o755);
    fillServer(root, tools);
  },
};

function fillServer(root: ImageRoot, tools: TestTools): void {
  const { folder, programs } = postgresqlPackages(tools);
  const libraries = fs
    .globSync("usr/lib/**/*.so*", { cwd: folder })
    // compiles queries, with a compiler of 100 MB
    .filter((file) => !file.includes("llvmjit"));
  root.packages(folder, ["usr", "etc"], librariesOfPackages(folder), [...programs, ...libraries]);
  for (const program of programs) root.link(`/${program}`, path.join("usr/local/bin", path.basename(program)));
  // found by the loader without a cache of its own
  for (const library of libraries.filter((file) => /\/(blas|lapack)\//.test(file)))
    root.link(`/${library}`, path.join(library, "../..", path.basename(library)));
}

/** Only the client, which others connect with. */
export function fillPsql(root: ImageRoot, tools: TestTools): void {
  const { folder, programs } = postgresqlPackages(tools);
  const psql = programs.find((program) => path.basename(program) === "psql") ?? "";
  root.program(path.join(folder, psql), "usr/bin/psql", librariesOfPackages(folder));
}

interface PostgresqlPackages {
  /** Where they are unpacked. */
  readonly folder: string;
  /** Its programs, relative to that. */
  readonly programs: readonly string[];
}

function postgresqlPackages(tools: TestTools): PostgresqlPackages {
  const folder = path.dirname(tools.postgresql.path);
  return { folder, programs: fs.globSync("usr/lib/postgresql/*/bin/*", { cwd: folder }) };
}

/** Every folder with shared libraries, as the loader is told. */
function librariesOfPackages(folder: string): string {
  const files = fs.globSync("usr/lib/**/*.so*", { cwd: folder });
  return [...new Set(files.map((file) => path.join(folder, path.dirname(file))))].join(":");
}
