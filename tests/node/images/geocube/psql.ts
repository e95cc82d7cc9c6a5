import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";

const [field, record] = ["\u001f", "\u001e"];

/** Settings that lib/pq keeps to itself, or reads as libpq does; any other one is a parameter of the server's session. @see https://pkg.go.dev/github.com/lib/pq#hdr-Connection_String_Parameters */
const known = ["sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name", "fallback_application_name"];
const modes = ["require", "verify-full", "verify-ca", "disable"];

/**
 * A connection as lib/pq reads it, for libpq.
 * @throws Error for what lib/pq refuses, and for texts of the form `key=value`
 */
export function libpqConnection(text: string): string {
  const url = new URL(text);
  if (!/^postgres(ql)?:$/.test(url.protocol)) throw new Error(`invalid connection protocol: ${url.protocol}`);
  const mode = url.searchParams.get("sslmode") ?? "require";
  if (!modes.includes(mode))
    throw new Error(
      `pq: unsupported sslmode ${JSON.stringify(mode)}; only "require" (default), "verify-full", "verify-ca", and "disable" supported`,
    );
  url.searchParams.set("sslmode", mode);
  url.searchParams.delete("binary_parameters");
  const own = [...url.searchParams].filter(([name]) => !known.includes(name));
  for (const [name] of own) url.searchParams.delete(name);
  if (own.length > 0) url.searchParams.set("options", own.map(([name, value]) => `-c ${name}=${value}`).join(" "));
  return url.href.replaceAll("+", "%20");
}

/** A text of SQL that is this text. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** One connection to a database, through psql. */
export class Session {
  private readonly child: ChildProcess;
  private output = "";
  private errors = "";
  private ended = false;
  private wake: () => void = () => undefined;

  constructor(connection: string) {
    const settings = ["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"];
    const separators = [`--field-separator=${field}`, `--record-separator=${record}`];
    this.child = spawn("psql", [...settings, ...separators, libpqConnection(connection)], { stdio: ["pipe", "pipe", "pipe"] });
    this.child.stdout?.on("data", (data: Buffer) => {
      this.output += data.toString();
      this.wake();
    });
    this.child.stderr?.on("data", (data: Buffer) => (this.errors += data.toString()));
    // what is written to one that has ended
    this.child.stdin?.on("error", () => undefined);
    this.child.on("close", () => {
      this.ended = true;
      this.wake();
    });
  }

  /** Runs SQL. @returns its rows @throws Error with what the server or the network said; the session is over then */
  async rows(sql: string): Promise<readonly (readonly string[])[]> {
    const end = randomUUID();
    this.output = "";
    this.child.stdin?.write(`${sql}\n;\n\\echo ${end}\n`);
    while (!this.output.includes(`${end}\n`)) {
      if (this.ended) throw new Error(this.errors.trim());
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const text = this.output.slice(0, this.output.indexOf(end)).replace(/[\n\u001e]$/, "");
    return text === "" ? [] : text.split(record).map((row) => row.split(field));
  }

  close(): void {
    this.child.stdin?.end();
  }
}

/** Does something with a connection of its own. */
export async function connected<T>(connection: string, act: (session: Session) => Promise<T>): Promise<T> {
  const session = new Session(connection);
  try {
    return await act(session);
  } finally {
    session.close();
  }
}

/** @throws Error unless the database lets this client in, and answers */
export async function ping(connection: string): Promise<void> {
  await connected(connection, (session) => session.rows("SELECT 1")).catch((error: unknown) => {
    throw new Error(`failed to ping database: ${(error as Error).message}`);
  });
}
