import * as fs from "node:fs";
import * as path from "node:path";
import type { SchemaSource } from "../../components/geocube/schemaSource";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { certificateAuthority } from "../certificates";
import type { Deployment } from "../deployment";
import { builtIn, database, script } from "../unit/geocubeDatabaseFixture";
import { leaf, type Signer } from "./apiServerDouble";
import { type Ended, LoopbackDatabase } from "./loopbackDatabase";

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

interface PodSpec {
  readonly containers: readonly Container[];
}

/** The name that the leaf is for. */
export const host = "geocube-database.geocube.svc";

/** What upstream's scripts trip over: nothing in it can be made twice, and the queue grants to a role that it does not make. */
const create = `CREATE SCHEMA geocube;
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TYPE geocube.compression AS ENUM ('NO', 'LOSSLESS');
CREATE TABLE geocube.aoi (id SERIAL PRIMARY KEY, geom geometry(MULTIPOLYGON, 4326));
CREATE INDEX ON geocube.aoi USING GIST (geom);
CREATE TABLE geocube.records (id SERIAL PRIMARY KEY, name TEXT NOT NULL, tags HSTORE NOT NULL, compression geocube.compression);
`;
const queue = `BEGIN;
CREATE TABLE pgq_jobs (id SERIAL PRIMARY KEY, queue_name TEXT NOT NULL, data BYTEA NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON pgq_jobs TO apiserver;
COMMIT;
`;
const update = `ALTER TYPE geocube.compression ADD VALUE 'CUSTOM';
CREATE TABLE geocube.logs (id SERIAL PRIMARY KEY);
`;

/** The schema, and what brings a database of it from 1.0.0 to 1.1.0. */
export const scripts = { create, queue, update } as const;

/** A schema of these scripts. */
export function schemaOf(changes: Partial<SchemaSource> = {}): SchemaSource {
  return { version: "1.0.0", create: script(create), queue: script(queue), updates: [], ...changes };
}

/** A built-in database as the component made it, with its server running on loopback. */
export class GeocubeDatabaseTestbed {
  private constructor(
    readonly server: LoopbackDatabase,
    private readonly made: Deployment<unknown>,
    readonly signer: Signer,
  ) {}

  /** @param password what the data were made with, where it is not that of the Secret */
  static async create(password?: string): Promise<GeocubeDatabaseTestbed> {
    const [tools, signer] = await Promise.all([ensureTools(["postgresql"], silentProgress), certificateAuthority("the platform's CA")]);
    const backup = { schedule: "@daily", keep: 2, size: "1Gi" };
    const made = await database({ schema: schemaOf(), database: { ...builtIn, backup } }, signer.certificate);
    const files = made.get("database-configuration").inputs["data"] as Record<string, string>;
    const server = await LoopbackDatabase.start(tools.postgresql.path, {
      args: pod(made, "database-server").containers[0]?.args ?? [],
      clientAuthentication: files["pg_hba.conf"] ?? "",
      leaf: await servedLeaf(signer),
      password: password ?? secret(made, "database-administrator")["PGPASSWORD"] ?? "",
    });
    return new GeocubeDatabaseTestbed(server, made, signer);
  }

  /** Runs the schema's Job with the schema of this deployment, or with another. */
  async bootstrap(schema = schemaOf(), { ca = this.signer.certificate, ...variables }: Record<string, string> = {}): Promise<Ended> {
    const { get } = await database({ schema }, this.signer.certificate);
    const [container] = (get("database-schema").inputs["spec"] as { template: { spec: PodSpec } }).template.spec.containers;
    const folder = fs.mkdtempSync(path.join(this.server.folder, "schema-"));
    const texts = get("database-schema-scripts").inputs["data"] as Record<string, string>;
    for (const [file, text] of Object.entries(texts)) fs.writeFileSync(path.join(folder, file), text);
    const args = [folder, "6", ...(container?.args.slice(2) ?? [])];
    const CLIENT_PASSWORD = secret(this.made, "database-connection")["password"] ?? "";
    return this.server.run(container?.command ?? [], args, { ...this.environment(ca), CLIENT_PASSWORD, ...variables });
  }

  /** Runs the backup's script with a folder in the volume's place. */
  async backup(folder: string): Promise<Ended> {
    const { jobTemplate } = this.made.get("database-backup").inputs["spec"] as { jobTemplate: { spec: { template: { spec: PodSpec } } } };
    const [container] = jobTemplate.spec.template.spec.containers;
    return this.server.run(container?.command ?? [], [folder, ...(container?.args.slice(1) ?? [])], this.environment());
  }

  /** Starts the server's companion, which looks every second for another certificate. */
  companion(): ReturnType<LoopbackDatabase["spawn"]> {
    const container = pod(this.made, "database-server").containers.find(({ name }) => name === "companion");
    const given = (container?.env ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
    const env = { ...Object.fromEntries(given), PGHOST: this.server.folder, PGPORT: String(this.server.port) };
    const ADMINISTRATOR_PASSWORD = secret(this.made, "database-administrator")["PGPASSWORD"] ?? "";
    const certificate = path.join(this.server.leaf.folder, "tls.crt");
    return this.server.spawn(container?.command ?? [], [certificate, "1"], { ...env, ADMINISTRATOR_PASSWORD });
  }

  /** What a client reads with the connection of the Secret, verifying as the connection says. */
  async asClient(sql: string, changes: { readonly ca?: string; readonly sslmode?: string; readonly host?: string } = {}): Promise<Ended> {
    const url = new URL(secret(this.made, "database-connection")["queueConnection"] ?? "");
    url.searchParams.set("sslrootcert", this.file(changes.ca ?? this.signer.certificate));
    if (changes.sslmode !== undefined) url.searchParams.set("sslmode", changes.sslmode);
    if (changes.host !== undefined) url.hostname = changes.host;
    url.port = String(this.server.port);
    return this.server.run(["psql"], ["--no-psqlrc", "-qAt", "-c", sql, url.href], { PGHOSTADDR: "127.0.0.1" });
  }

  async renewLeaf(): Promise<void> {
    this.server.mount(await servedLeaf(this.signer));
  }

  private environment(ca = this.signer.certificate): Record<string, string> {
    const { PGPORT, ...variables } = secret(this.made, "database-administrator");
    const here = { PGHOSTADDR: "127.0.0.1", PGPORT: PGPORT === "5432" ? String(this.server.port) : "" };
    return { ...variables, ...here, PGSSLMODE: "verify-full", PGSSLROOTCERT: this.file(ca) };
  }

  private file(text: string): string {
    const file = path.join(fs.mkdtempSync(path.join(this.server.folder, "ca-")), "ca.crt");
    fs.writeFileSync(file, text);
    return file;
  }
}

async function servedLeaf(signer: Signer): Promise<Record<string, string>> {
  const { cert, key } = await leaf(host, signer);
  return { "tls.crt": cert, "tls.key": key };
}

function pod({ get }: Deployment<unknown>, name: string): PodSpec {
  return (get(name).inputs["spec"] as { template: { spec: PodSpec } }).template.spec;
}

function secret({ get }: Deployment<unknown>, name: string): Readonly<Record<string, string>> {
  const data = Object.entries(get(name).inputs["data"] as Record<string, string>);
  return Object.fromEntries(data.map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
}
