import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { serverPaths } from "../../components/geocube/databaseConfiguration";
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
  readonly initContainers: readonly Container[];
  readonly containers: readonly (Container & { readonly readinessProbe: { readonly exec: { readonly command: readonly string[] } } })[];
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

  /** A volume that nobody has touched, and no server. */
  static async create(): Promise<GeocubeDatabaseTestbed> {
    const [tools, signer] = await Promise.all([ensureTools(["postgresql"], silentProgress), certificateAuthority("the platform's CA")]);
    const backup = { schedule: "@daily", keep: 2, size: "1Gi" };
    const made = await database({ schema: schemaOf(), database: { ...builtIn, backup } }, signer.certificate);
    const files = made.get("database-configuration").inputs["data"] as Record<string, string>;
    const { initContainers, containers } = pod(made, "database-server");
    const [initialise] = initContainers;
    assert.ok(initialise);
    const server = await LoopbackDatabase.create(tools.postgresql.path, {
      initialise,
      args: containers[0]?.args ?? [],
      clientAuthentication: files["pg_hba.conf"] ?? "",
      leaf: await servedLeaf(signer),
    });
    return new GeocubeDatabaseTestbed(server, made, signer);
  }

  /** Whether the server's readiness probe succeeds. */
  async ready(): Promise<boolean> {
    const [program = "", ...args] = pod(this.made, "database-server").containers[0]?.readinessProbe.exec.command ?? [];
    const here = args.map((arg) => arg.replace(serverPaths.socket, this.server.folder));
    return (await this.server.run([program], here, { PGPORT: String(this.server.port) })).code === 0;
  }

  /** Runs the schema's Job with the schema of this deployment, or with another. */
  async bootstrap(schema = schemaOf(), { ca = this.signer.certificate, ...variables }: Record<string, string> = {}): Promise<Ended> {
    const { get } = await database({ schema }, this.signer.certificate);
    const { initContainers, containers } = (get("database-schema").inputs["spec"] as { template: { spec: PodSpec } }).template.spec;
    const environment = { ...this.environment(ca), ...variables };
    const waited = await this.server.run(initContainers[0]?.command ?? [], ["6"], environment);
    if (waited.code !== 0) return waited;
    const [container] = containers;
    const folder = fs.mkdtempSync(path.join(this.server.folder, "schema-"));
    const texts = get("database-schema-scripts").inputs["data"] as Record<string, string>;
    for (const [file, text] of Object.entries(texts)) fs.writeFileSync(path.join(folder, file), text);
    const args = [folder, ...(container?.args.slice(1) ?? [])];
    const CLIENT_PASSWORD = secret(this.made, "database-connection")["password"] ?? "";
    return this.server.run(container?.command ?? [], args, { CLIENT_PASSWORD, ...environment });
  }

  /** Starts the backup's script with a folder in the volume's place, in a process group of its own. */
  backup(folder: string): ReturnType<LoopbackDatabase["spawn"]> {
    const { jobTemplate } = this.made.get("database-backup").inputs["spec"] as { jobTemplate: { spec: { template: { spec: PodSpec } } } };
    const [container] = jobTemplate.spec.template.spec.containers;
    return this.server.spawn(container?.command ?? [], [folder, ...(container?.args.slice(1) ?? [])], this.environment(), {
      detached: true,
    });
  }

  /** Starts the server's companion, which looks every second for another certificate. */
  companion(): ReturnType<LoopbackDatabase["spawn"]> {
    const container = pod(this.made, "database-server").containers.find(({ name }) => name === "companion");
    const given = (container?.env ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
    const env = { ...Object.fromEntries(given), PGHOST: this.server.folder, PGPORT: String(this.server.port) };
    const ADMINISTRATOR_PASSWORD = secret(this.made, "database-administrator")["PGPASSWORD"] ?? "";
    const certificate = path.join(this.server.leaf.folder, "tls.crt");
    const args = [certificate, "1", ...(container?.args.slice(2) ?? [])];
    return this.server.spawn(container?.command ?? [], args, { ...env, ADMINISTRATOR_PASSWORD });
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
