import { databaseCaPath } from "./databaseTrust";

/** How a database is reached, and by whom. */
export interface DatabaseConnection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** The role that Geocube connects as; the script of its queue names it. */
export const clientRole = "apiserver";

/**
 * The connection that a text `postgres://user:password@host:port/database` names.
 * @throws TypeError for a text that is no address
 */
export function parseConnection(text: string): DatabaseConnection {
  const { hostname, port, pathname, username, password } = new URL(text);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? 5432 : Number(port),
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

/**
 * The connection as lib/pq reads it, verifying certificate and name against the roots at the clients' fixed path.
 * @param binaryParameters as Geocube's own connection has it, and its queue's has not
 * @see https://pkg.go.dev/github.com/lib/pq#hdr-Connection_String_Parameters
 */
export function connectionUrl(connection: DatabaseConnection, { binaryParameters }: { readonly binaryParameters: boolean }): string {
  const { host, port, database, user, password } = connection;
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}/${encodeURIComponent(database)}`;
  const query = new URLSearchParams({
    sslmode: "verify-full",
    sslrootcert: databaseCaPath,
    ...(binaryParameters ? { binary_parameters: "yes" } : {}),
  });
  return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${place}?${query.toString()}`;
}

/** The variables by which libpq's programs connect. @see https://www.postgresql.org/docs/current/libpq-envars.html */
export function libpqEnvironment({ host, port, database, user, password }: DatabaseConnection): Record<string, string> {
  return { PGHOST: host, PGPORT: String(port), PGDATABASE: database, PGUSER: user, PGPASSWORD: password };
}
