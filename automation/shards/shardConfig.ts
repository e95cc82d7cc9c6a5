import * as fs from "node:fs";
import * as path from "node:path";
import { Document, parse } from "yaml";
import { replaceFile } from "../../local/replaceFile";
import { SECRET_KEYS, type SecretKey } from "../../config/secretKeys";
import { Failure } from "../exitCode";
import { encryptionKeys, generatedStackFile, stackFile } from "../stackFiles";

type Sections = Readonly<Record<string, unknown>>;

const prefix = "trustplane:";

/** The secret that tenants may need, beside the section. */
const tenantsSecret: SecretKey = "plexusCertificateAuthorityKey";

/** Keys of `plexus` that belong to the platform's stack alone: made once, for the tenants of all stacks. */
const platformKeys: readonly string[] = ["tenants", "nodes", "storageClass", "datashim"];

const head = " Generated from a platform's stack and its tenants' files; written anew by every run with --tenants.";

/** The name of a stack of tenants. */
export function shardStackName(platform: string, number: number): string {
  return `${platform}-tenants-${number}`;
}

/** The number of a stack of tenants of this platform; undefined for another stack. */
export function shardNumber(platform: string, stack: string): number | undefined {
  const [, number] = stack.startsWith(`${platform}-`) ? (/^tenants-([1-9]\d*)$/.exec(stack.slice(platform.length + 1)) ?? []) : [];
  return number === undefined ? undefined : Number(number);
}

/**
 * Makes the configuration of the stacks that hold a platform's tenants from that of the stack which has the platform: its cluster, what its
 * section `plexus` says about all tenants, and the keys by which the engine encrypts, so that what is encrypted in one can be read in the others.
 */
export class ShardConfig {
  private readonly config: Sections;

  /** @param stack the platform's stack */
  constructor(
    private readonly root: string,
    private readonly stack: string,
  ) {
    const { config = {} } = (parse(fs.readFileSync(stackFile(root, stack), "utf8")) ?? {}) as { readonly config?: Sections };
    this.config = config;
  }

  /** The tenants that live on the platform's own stack, as they are given. */
  get ownTenants(): readonly unknown[] {
    const { tenants } = this.plexus();
    return Array.isArray(tenants) ? (tenants as unknown[]) : [];
  }

  /** @throws Failure where the platform's stack has nothing that tenants' stacks could share */
  requirePlexus(): void {
    if (this.config[`${prefix}plexus`] === undefined) throw new Failure(this.withoutPlexus());
  }

  /** Every section of the platform's stack, as if these tenants were on it too. */
  platformSections(tenants: readonly unknown[]): Sections {
    const secrets: readonly string[] = SECRET_KEYS.map((key) => prefix + key);
    const own = Object.entries(this.config).filter(([key]) => key.startsWith(prefix) && !secrets.includes(key));
    const sections = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
    return { ...sections, plexus: { ...this.plexus(), tenants: [...this.ownTenants, ...tenants] } };
  }

  /** The sections of a stack with these tenants. */
  private sections(tenants: readonly unknown[]): Sections {
    const shared = Object.fromEntries(Object.entries(this.plexus()).filter(([key]) => !platformKeys.includes(key)));
    const [cluster, policies] = ["cluster", "policies"].map((section) => this.config[prefix + section]);
    return { cluster, ...(policies === undefined ? {} : { policies }), platform: { stack: this.stack }, plexus: { ...shared, tenants } };
  }

  /** Writes the settings of a shard where the engine's work folder is made from. */
  write(number: number, tenants: readonly unknown[]): void {
    const keys = encryptionKeys(this.root, this.stack);
    const sections = Object.entries(this.sections(tenants)).map(([key, value]) => [prefix + key, value] as const);
    const document = new Document({ ...keys, config: Object.fromEntries([...sections, ...(tenants.length > 0 ? this.secret(keys) : [])]) });
    document.commentBefore = head;
    const file = generatedStackFile(shardStackName(this.stack, number));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    replaceFile(file, document.toString());
  }

  private plexus(): Sections {
    const section = this.config[`${prefix}plexus`];
    return typeof section === "object" && section !== null ? { ...section } : {};
  }

  /** Encrypted text is taken as it stands, which only keys that are in the file itself can read again. */
  private secret(keys: Sections): readonly (readonly [string, unknown])[] {
    const value = this.config[prefix + tenantsSecret];
    if (value === undefined) return [];
    if (keys.encryptionsalt !== undefined || keys.encryptedkey !== undefined) return [[prefix + tenantsSecret, value]];
    throw new Failure(
      `stack ${this.stack}: ${prefix}${tenantsSecret} is encrypted by the backend's own key, by which no other stack can read it. ` +
        `Change the stack to a key of its own (pulumi stack change-secrets-provider passphrase --stack ${this.stack}), ` +
        "or give the tenants another credential (certificateSigningRequest, serviceAccount) and remove the key.",
    );
  }

  private withoutPlexus(): string {
    return (
      `stack ${this.stack} has no section ${prefix}plexus, whose ClusterRole and storage class its tenants' stacks share. ` +
      `Add it to Pulumi.${this.stack}.yaml (docs/plexus.md).`
    );
  }
}
