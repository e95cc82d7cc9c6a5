import type { Problem } from "./problem";
import type { RawConfig } from "./rawConfig";
import { passwordFlaw, userFlaw } from "./workersRegistryFields";
import { pullUser } from "./workersRegistry";
import type { GivenRegistry } from "./workersRegistrySchema";
import { secretUse } from "./workersSecretUse";

const USERS = "workersRegistryUsers";
const HTPASSWD = "workersRegistryHtpasswd";

const SET_USERS = `echo '{"ci": "PASSWORD"}' | pulumi config set --secret trustplane:${USERS}`;
const SET_HTPASSWD = `pulumi config set --secret trustplane:${HTPASSWD} < htpasswd`;

/** A line that the registry reads; of other hashes it takes no notice, and their users cannot log in. */
const BCRYPT = /^\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}$/;

/**
 * What is wrong with the registry's users.
 *
 * @param registry the section that they belong to, if there is one
 * @param unsure whether other problems leave open if one was meant
 */
export function registryUserProblems(raw: RawConfig, registry: GivenRegistry | undefined, unsure: boolean): Problem[] {
  const owner = { path: "workers.registry", present: registry !== undefined, unsure };
  const useless = [...secretUse(raw, USERS, owner, SET_USERS), ...secretUse(raw, HTPASSWD, owner, SET_HTPASSWD)];
  if (useless.length > 0 || registry === undefined) return useless;
  const { users, problems } = readUsers(raw.secrets[USERS], registry);
  return [...problems, ...htpasswdProblems(raw.secrets[HTPASSWD], [...registry.users, ...users]), ...pullUserProblems(registry, users)];
}

interface Users {
  readonly users: readonly string[];
  readonly problems: readonly Problem[];
}

function readUsers(text: string | undefined, registry: GivenRegistry): Users {
  if (text === undefined) return { users: [], problems: [] };
  const passwords = passwordsOf(text);
  if (passwords === undefined) {
    const allowed = 'a JSON object of passwords by their users: {"ci": "PASSWORD"}, with at least one';
    return { users: [], problems: [{ path: USERS, found: "[secret]", allowed, wayOut: SET_USERS }] };
  }
  const problems = passwords.flatMap(([user, password]) => {
    const flaw = userFlaw(user) ?? passwordFlaw(password) ?? twice(user, registry.users);
    return flaw === undefined ? [] : [{ path: USERS, found: `[secret] of user ${JSON.stringify(user)}`, ...flaw }];
  });
  return { users: passwords.map(([user]) => user), problems };
}

function passwordsOf(text: string): (readonly [string, string])[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(value) as [string, unknown][];
    const passwords = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return passwords.length > 0 && passwords.length === entries.length ? passwords : undefined;
  } catch {
    return undefined;
  }
}

const ONCE =
  "a user who stands nowhere else (workers.registry.users, workersRegistryUsers, workersRegistryHtpasswd): a user has one password";

function twice(user: string, others: readonly string[]): Pick<Problem, "allowed" | "wayOut"> | undefined {
  return others.includes(user) ? { allowed: ONCE, wayOut: "remove the user from one of them" } : undefined;
}

function htpasswdProblems(text: string | undefined, others: readonly string[]): Problem[] {
  if (text === undefined) return [];
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const entries = lines.filter(({ line }) => line !== "" && !line.startsWith("#"));
  if (entries.length === 0) return [{ path: HTPASSWD, found: "no line", allowed: "lines USER:HASH", wayOut: SET_HTPASSWD }];
  const taken = [...others];
  return entries.flatMap(({ line, number }) => {
    const [user = "", hash = ""] = line.split(/:(.*)/);
    const flaw = userFlaw(user) ?? hashFlaw(user, hash) ?? twice(user, taken);
    taken.push(user);
    return flaw === undefined ? [] : [{ path: HTPASSWD, found: `line ${number} [secret]`, ...flaw }];
  });
}

function hashFlaw(user: string, hash: string): Pick<Problem, "allowed" | "wayOut"> | undefined {
  if (BCRYPT.test(hash)) return undefined;
  const allowed = "a hash of bcrypt ($2y$…): the registry takes no notice of any other, and its user could not log in";
  return { allowed, wayOut: `make the line by: htpasswd -nB ${user}` };
}

function pullUserProblems(registry: GivenRegistry, given: readonly string[]): Problem[] {
  const path = "workers.registry.pullSecrets.user";
  const known = [...registry.users, ...given];
  const user = pullUser(registry);
  if (known.includes(user)) return [];
  const found = user === "" ? "nothing, and workers.registry.users is empty" : JSON.stringify(user);
  const allowed = `a user whose password is known here: ${known.length === 0 ? "there is none yet" : known.join(", ")}`;
  return [{ path, found, allowed, wayOut: "name one of them, or add the user to workers.registry.users" }];
}
