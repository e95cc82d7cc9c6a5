import { z } from "zod";
import { lineFlaw } from "./textFields";
import type { Problem } from "./problem";
import type { RawConfig } from "./rawConfig";
import type { GivenPullSecrets } from "./workersPullSecrets";
import { serverFlaw } from "./workersPullSecretsFields";
import { secretUse } from "./workersSecretUse";

const KEY = "workersRegistryLogins";
const EXAMPLE = '{"registry.example.org": {"username": "USER", "password": "PASSWORD"}}';
const SET_IT = `echo '${EXAMPLE}' | pulumi config set --secret trustplane:${KEY}`;

const shape = z.record(z.string(), z.strictObject({ username: z.string(), password: z.string() }));

/**
 * What is wrong with the logins at registries.
 *
 * @param given the section that they belong to, if there is one
 * @param unsure whether other problems leave open if one was meant
 */
export function registryLoginProblems(raw: RawConfig, given: GivenPullSecrets | undefined, unsure: boolean): Problem[] {
  const useless = secretUse(raw, KEY, { path: "workers.imagePullSecrets", present: given !== undefined, unsure }, SET_IT);
  if (useless.length > 0 || given === undefined) return useless;
  const text = raw.secrets[KEY];
  if (text === undefined) return [problem("nothing", "the logins of workers.imagePullSecrets, as a secret")];
  const logins = loginsOf(text);
  if (logins === undefined) return [problem("[secret]", `a JSON object: ${EXAMPLE}`)];
  return [...textProblems(logins), ...serverProblems(given, Object.keys(logins))];
}

function problem(found: string, allowed: string, wayOut = SET_IT): Problem {
  return { path: KEY, found, allowed, wayOut };
}

type GivenLogins = z.output<typeof shape>;

function loginsOf(text: string): GivenLogins | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function textProblems(logins: GivenLogins): Problem[] {
  return Object.entries(logins).flatMap(([server, { username, password }]) => {
    const flaw = serverFlaw(server) ?? lineFlaw("a user's name", username) ?? lineFlaw("a password", password);
    return flaw === undefined ? [] : [problem(`[secret] of ${JSON.stringify(server)}`, flaw.allowed, flaw.wayOut)];
  });
}

/** What the section asks for, and what it has no use for. */
function serverProblems({ secrets }: GivenPullSecrets, known: readonly string[]): Problem[] {
  const used = new Set(secrets.flatMap(({ servers }) => servers));
  const missing = secrets.flatMap(({ servers }, index) =>
    servers.flatMap((server, place): Problem[] => {
      if (known.includes(server)) return [];
      const path = `workers.imagePullSecrets.secrets[${index}].servers[${place}]`;
      const allowed = `a server of the secret ${KEY}: ${known.length === 0 ? "it has none" : known.join(", ")}`;
      return [{ path, found: JSON.stringify(server), allowed, wayOut: "write one of them, or add its login to the secret" }];
    }),
  );
  const unused = known.filter((server) => !used.has(server) && serverFlaw(server) === undefined);
  const why = "logins that workers.imagePullSecrets.secrets names";
  return [
    ...missing,
    ...unused.map((server) => problem(`a login at ${JSON.stringify(server)} that nothing uses`, why, "remove it, or name the server")),
  ];
}
