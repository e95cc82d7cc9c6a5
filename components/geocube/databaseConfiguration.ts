/** Where the server's pod has its files. */
export const serverPaths = {
  configuration: "/etc/geocube-database",
  certificate: "/tls",
  socket: "/var/run/postgresql",
} as const;

/** PostgreSQL's port, in the cluster as upstream has it. */
export const databasePort = 5432;

/**
 * The superuser and the database that the pod makes. Not a user `geocube`: the schema of that name would come first on its search path, and
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
    // which the official images' own sample says, and PostgreSQL does not
    listen_addresses: "*",
    max_connections: maxConnections,
    ssl: "on",
    ssl_cert_file: `${serverPaths.certificate}/tls.crt`,
    ssl_key_file: `${serverPaths.certificate}/tls.key`,
    hba_file: `${serverPaths.configuration}/${clientAuthenticationKey}`,
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/**
 * Runs beside the server, and may start again at any time. Sets the superuser's password to that of the Secret, because the data outlive it,
 * and makes the database where it is missing. Then lets the server read its certificate again whenever cert-manager has renewed it, which
 * PostgreSQL does not do by itself; at its own start as well, since an earlier companion may have missed a renewal.
 *
 * Arguments: the certificate, the seconds between two looks at it, and the database.
 */
export const companionScript = `set -eu
certificate=$1 interval=$2 database=$3
trap 'exit 0' TERM
psql_here() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=database="$database" --host="$PGHOST"; }
pause() { sleep "$1" & wait $!; }
serial() { sha256sum < "$certificate"; }
until seen=$(serial) && psql_here <<'SQL'
\\getenv password ADMINISTRATOR_PASSWORD
\\getenv user PGUSER
ALTER ROLE :"user" PASSWORD :'password';
SELECT format('CREATE DATABASE %I', :'database') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \\gexec
\\o /dev/null
SELECT pg_reload_conf();
SQL
do pause 1; done
echo "the administrator's password is that of the Secret, and the database is there"
while pause "$interval"; do
  now=$(serial)
  [ "$now" = "$seen" ] && continue
  echo 'SELECT pg_reload_conf()' | psql_here > /dev/null && seen=$now && echo "certificate read again"
done
`;
