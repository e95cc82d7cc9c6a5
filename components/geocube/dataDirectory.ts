/** Where the volume is mounted, and the data in it. */
export interface DataPaths {
  readonly mount: string;
  readonly data: string;
}

/** The major version that moved the image's volume. @see https://github.com/docker-library/postgres/pull/1259 */
const MOVED_IN = 18;

/**
 * The data's folder is a folder of the volume, whose root may hold `lost+found`. It is the same in every major version, so that PostgreSQL
 * refuses the data of another one; in the folder that the image chooses from 18 on it would begin anew, with an empty database.
 */
export function dataPaths(majorVersion: number): DataPaths {
  const mount = majorVersion < MOVED_IN ? "/var/lib/postgresql/data" : "/var/lib/postgresql";
  return { mount, data: `${mount}/pgdata` };
}

/**
 * Makes the data before the server starts. The image's entry point would do it too, but takes whatever has a file `PG_VERSION` for whole, and
 * `initdb` writes that first: interrupted later, it would never be ended. Here the folder gets its name once `initdb` has ended, an
 * interrupted one is begun again, and what has the name is never removed.
 *
 * The superuser has no password, by which nobody connects over the network, until the companion sets one.
 *
 * Arguments: the data's folder, and the superuser. @see https://www.postgresql.org/docs/current/app-initdb.html
 */
export const dataDirectoryScript = `set -eu
data=$1 superuser=$2 begun=$1.begun
if [ -s "$data/PG_VERSION" ] && [ -s "$data/global/pg_control" ]; then exit 0; fi
if [ -e "$data" ] && ! rmdir "$data"; then
  echo "$data is no whole data directory of PostgreSQL: PG_VERSION or global/pg_control is missing." >&2
  echo "If its first start was interrupted, nothing is in it: remove it. Otherwise restore a backup." >&2
  exit 1
fi
rm -rf "$begun"
initdb --pgdata="$begun" --username="$superuser" --auth-local=peer --auth-host=reject
mv "$begun" "$data"
sync "\${data%/*}"
`;
