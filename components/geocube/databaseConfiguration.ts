/** Where the server's pod has its files. */
export const serverPaths = {
  configuration: "/etc/geocube-database",
  certificate: "/tls",
  socket: "/var/run/postgresql",
} as const;

/** PostgreSQL's port, in the cluster as upstream has it. */
export const databasePort = 5432;

/**
 * The superuser that the image makes, and the database. Not a user `geocube`: the schema of that name would come first on its search path, and
 * what upstream's scripts make without a schema would end up where no client looks.
 */
export const administrator = { user: "postgres", database: "geocube" } as const;

/** Name of pg_hba.conf, which is the ConfigMap's only key. */
export const clientAuthenticationKey = "pg_hba.conf";

/**
 * Who may connect: over the network whoever has a password, by TLS alone. The socket is shared by the pod's own containers only, which have
 * the data's files anyway; over it the password is set.
 * @see https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
 */
export const clientAuthentication = `# TYPE  DATABASE  USER  ADDRESS  METHOD
local   all       ${administrator.user}           trust
hostssl all       all   all      scram-sha-256
`;

/**
 * The server's arguments.
 * @see https://www.postgresql.org/docs/current/ssl-tcp.html
 */
export function serverArguments({ maxConnections }: { readonly maxConnections: number }): string[] {
  const settings = {
    max_connections: maxConnections,
    ssl: "on",
    ssl_cert_file: `${serverPaths.certificate}/tls.crt`,
    ssl_key_file: `${serverPaths.certificate}/tls.key`,
    hba_file: `${serverPaths.configuration}/${clientAuthenticationKey}`,
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

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
 * Runs beside the server. Sets the superuser's password to that of the Secret, because the data outlive it; then lets the server read its
 * certificate again whenever cert-manager has renewed it, which PostgreSQL does not do by itself.
 */
export const companionScript = `set -eu
certificate=$1 interval=$2
trap 'exit 0' TERM
psql_here() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host="$PGHOST"; }
pause() { sleep "$1" & wait $!; }
serial() { sha256sum < "$certificate"; }
seen=$(serial)
until psql_here <<'SQL'
\\getenv password ADMINISTRATOR_PASSWORD
\\getenv user PGUSER
ALTER ROLE :"user" PASSWORD :'password';
SQL
do pause 1; done
echo "the administrator's password is that of the Secret"
while pause "$interval"; do
  now=$(serial)
  [ "$now" = "$seen" ] && continue
  echo 'SELECT pg_reload_conf()' | psql_here > /dev/null && seen=$now && echo "certificate read again"
done
`;
