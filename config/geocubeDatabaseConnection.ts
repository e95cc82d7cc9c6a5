import type { Flaw } from "./fields";
import type { GivenDatabase } from "./geocubeDatabase";
import type { Problem } from "./problem";
import type { RawConfig } from "./rawConfig";

/** The secret beside the sections: how an external database is reached. */
const KEY = "geocubeDatabaseConnection";

const EXAMPLE = "postgres://USER:PASSWORD@HOST:5432/DATABASE";
const SET_IT = `pulumi config set --secret trustplane:${KEY}, with ${EXAMPLE}`;

/**
 * What is wrong with the connection to an external database; it is never shown.
 *
 * @param database the one that it belongs to, if there is one
 * @param unsure whether other problems leave open if one was meant
 */
export function geocubeDatabaseConnectionProblems(raw: RawConfig, database: GivenDatabase | undefined, unsure: boolean): Problem[] {
  const connection = raw.secrets[KEY];
  if (connection !== undefined && !raw.secretKeys.has(KEY)) {
    return [problem("a connection in plain text", "a secret", `remove it from the stack's file, then: ${SET_IT}`)];
  }
  if (database?.type !== "external") {
    if (connection === undefined || (unsure && database === undefined)) return [];
    return [
      problem("a connection that nothing uses", "none where geocube.database.type is not external", `pulumi config rm trustplane:${KEY}`),
    ];
  }
  if (connection === undefined) return [problem("nothing", "the connection of geocube.database, as a secret", SET_IT)];
  const flaw = connectionFlaw(connection);
  return flaw === undefined ? [] : [problem("[secret]", flaw.allowed, flaw.wayOut)];
}

function problem(found: string, allowed: string, wayOut: string): Problem {
  return { path: KEY, found, allowed, wayOut };
}

/** Why a text does not lead to a database; nothing of it is quoted. */
export function connectionFlaw(text: string): Flaw | undefined {
  const allowed = EXAMPLE;
  const escaped = "write it like that, with what is not a letter or digit in user and password as % and two digits";
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) return { allowed, wayOut: escaped };
  const { username, password, hostname, pathname, search, hash } = new URL(text);
  if ([username, password, pathname].some((part) => !decodes(part)) || /\s|\p{Cc}/u.test(text)) return { allowed, wayOut: escaped };
  const missing = { user: username, password, host: hostname, database: pathname.replace(/^\//, "") };
  const empty = Object.entries(missing).flatMap(([part, value]) => (value === "" ? [part] : []));
  if (empty.length > 0) return { allowed, wayOut: `add the ${empty.join(" and the ")}` };
  if (pathname.indexOf("/", 1) > 0 || hash !== "") return { allowed, wayOut: "end it behind the database's name" };
  if (search === "" || search === "?sslmode=verify-full") return undefined;
  return {
    allowed: `${allowed}; certificate and name are verified always (sslmode=verify-full)`,
    wayOut: "remove what stands behind the ?",
  };
}

function decodes(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
