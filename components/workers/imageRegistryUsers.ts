import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { encodeBase64, hash } from "bcryptjs";
import type { RegistryScope } from "./imageRegistryScope";

/** Passwords by their users. */
export type Passwords = Readonly<Record<string, string>>;

export interface RegistryUsersArgs {
  /** Users whose passwords are made. @default ["cluster"] */
  readonly users: readonly string[];
  /** Passwords of further users. @default none */
  readonly givenPasswords?: pulumi.Input<Passwords>;
  /** Lines of an htpasswd file, bcrypt alone, for users whose passwords nobody tells. @default none */
  readonly htpasswd?: pulumi.Input<string>;
}

/** Everybody who may log in; all of it secret. */
export interface RegistryUsers {
  /** The text of the htpasswd file. */
  readonly htpasswd: pulumi.Output<string>;
  /** The passwords that were made. */
  readonly made: pulumi.Output<Passwords>;
  /** Those and the given ones. */
  readonly known: pulumi.Output<Passwords>;
}

/** What bcrypt's salt has. */
const saltBytes = 16;

/** A login takes tens of milliseconds, as with the hashes that RandomPassword makes. */
const cost = 10;

/** Makes the passwords that are not given, and the file by which the registry knows its users; the same until one of them changes. */
export function registryUsers({ name, opts }: Pick<RegistryScope, "name" | "opts">, args: RegistryUsersArgs): RegistryUsers {
  const passwords = args.users.map((user) => {
    const password = new random.RandomPassword(`${name}-password-${user}`, { length: 32, special: false }, opts);
    return { user, result: password.result, bcryptHash: password.bcryptHash };
  });
  const made = pulumi.secret(Object.fromEntries(passwords.map(({ user, result }) => [user, result] as const)));
  const given: pulumi.Output<Passwords> = pulumi.secret(args.givenPasswords ?? {});
  const lines = [
    ...passwords.map(({ user, bcryptHash }) => pulumi.interpolate`${user}:${bcryptHash}`),
    ...(args.givenPasswords === undefined ? [] : [givenLines({ name, opts }, given)]),
    ...(args.htpasswd === undefined ? [] : [pulumi.output(args.htpasswd).apply((text) => text.trim())]),
  ];
  return {
    htpasswd: pulumi.secret(pulumi.all(lines).apply((all) => `${all.join("\n")}\n`)),
    made,
    known: pulumi.all([given, made]).apply(([first, second]) => ({ ...first, ...second })),
  };
}

/** A salt that the state keeps: with one of its own at each run the file, and with it the pod, would change with every update. */
function givenLines({ name, opts }: Pick<RegistryScope, "name" | "opts">, given: pulumi.Output<Passwords>): pulumi.Output<string> {
  const { hex } = new random.RandomId(`${name}-salt`, { byteLength: saltBytes }, opts);
  return pulumi.all([given, hex]).apply(async ([passwords, salt]) => {
    const users = Object.keys(passwords).sort();
    const lines = await Promise.all(users.map(async (user) => `${user}:${await bcryptHash(passwords[user] ?? "", `${salt}${user}`)}`));
    return lines.join("\n");
  });
}

function bcryptHash(password: string, seed: string): Promise<string> {
  const salt = createHash("sha256").update(seed).digest().subarray(0, saltBytes);
  return hash(password, `$2b$${cost}$${encodeBase64([...salt], saltBytes)}`);
}
