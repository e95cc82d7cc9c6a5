import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { certificateAuthoritySchema } from "../../config/certificateAuthoritySchema";
import { describeIssue } from "../../config/describeIssue";
import { databaseSchema, type GivenDatabase, resolveDatabase } from "../../config/geocubeDatabase";
import { connectionFlaw, geocubeDatabaseConnectionProblems } from "../../config/geocubeDatabaseConnection";
import { databaseLeaves, databaseProblems } from "../../config/geocubeDatabaseRules";
import type { Problem } from "../../config/problem";
import { geocubeSchemaProblems } from "../../preflight/geocubeSchemaRules";

type Section = Readonly<Record<string, unknown>>;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "geocube-schema-"));
const file = path.join(folder, "create.sql");
const text = "CREATE SCHEMA geocube;\n";
const sha256 = createHash("sha256").update(text).digest("hex");
const url = "https://example.org/create.sql";
const schema = { version: "1.1.0", create: { file } };
const authority = certificateAuthoritySchema.parse({});

/** Settings, the path that is refused, and what the text must say of it. */
const refused: readonly (readonly [string, Section, string, RegExp])[] = [
  ["another kind", { type: "rds" }, "type", /builtIn.*external/],
  ["no schema", { schema: undefined }, "schema", /nothing/],
  ["a version of two numbers", { schema: { ...schema, version: "1.1" } }, "schema.version", /write it like 1\.1\.0/],
  ["a script from nowhere", { schema: { ...schema, create: {} } }, "schema.create", /exactly one of the two/],
  ["a script from two places", { schema: { ...schema, create: { file, url, sha256 } } }, "schema.create", /exactly one of the two/],
  ["an address without checksum", { schema: { ...schema, create: { url } } }, "schema.create.sha256", /curl -fsSL https:\/\/example\.org/],
  ["a checksum that is none", { schema: { ...schema, create: { url, sha256: "abc" } } }, "schema.create.sha256", /64 hexadecimal/],
  ["a file that is not there", { schema: { ...schema, create: { file: "nowhere.sql" } } }, "schema.create.file", /nowhere\.sql/],
  ["another file", { schema: { ...schema, queue: { file, sha256: "0".repeat(64) } } }, "schema.queue.sha256", new RegExp(sha256)],
  [
    "updates that go back",
    {
      schema: {
        ...schema,
        updates: [
          { version: "0.10.0", file },
          { version: "0.9.0", file },
        ],
      },
    },
    "schema.updates[1].version",
    /"0\.9\.0" behind "0\.10\.0"/,
  ],
  ["an image of unknown version", { image: "registry.example.org/postgis:latest-17" }, "majorVersion", /PostgreSQL 15 to 18/],
  ["an image that is too old", { image: "docker.io/postgis/postgis:11-3.3" }, "majorVersion", /PostgreSQL 15 to 18/],
  ["a version that the image does not have", { majorVersion: 18 }, "majorVersion", /the volume's place/],
  ["root as user", { runAsUser: 0 }, "runAsUser", /forbids root/],
  ["no connections", { maxConnections: 0 }, "maxConnections", /PostgreSQL's limits/],
  ["a volume of nothing", { storage: { size: "0" } }, "storage.size", /more than nothing/],
  ["a backup of nothing", { backup: { size: "0Gi" } }, "backup.size", /more than nothing/],
  ["a time that cron does not know", { backup: { schedule: "nightly" } }, "backup.schedule", /17 2 \* \* \*/],
  ["no dumps that stay", { backup: { keep: 0 } }, "backup.keep", /from 1 to 1000/],
  ["a renewal before the leaf", { certificate: { duration: "2h", renewBefore: "3h" } }, "certificate.renewBefore", /less than duration/],
  ["an external one that nothing makes tables in", { type: "external", schema: undefined }, "schema", /bootstrap: false/],
  ["scripts that nothing runs", { type: "external", bootstrap: false }, "schema", /remove it/],
  ["a CA that is none", { type: "external", caBundle: "CA" }, "caBundle", /BEGIN CERTIFICATE/],
  ["a key that was meant otherwise", { storge: {} }, "storge", /did you mean "storage"\?/],
];

describe("geocube.database", () => {
  before(() => {
    fs.writeFileSync(file, text);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const builtIn = (changes: Section): Section => ({ type: "builtIn", schema, ...changes });

  for (const [what, section, at, said] of refused) {
    it(`refuses ${what}`, () => {
      const problems = problemsOf(builtIn(section));
      assert.deepEqual(
        problems.map((problem) => problem.path.replace("geocube.database.", "")),
        [at],
      );
      const [{ found, allowed, wayOut } = { found: "", allowed: "", wayOut: "" }] = problems;
      assert.match(`${found}; ${allowed}; ${wayOut}`, said);
    });
  }

  it("refuses a built-in server whose name a public issuer would have to sign", () => {
    const given = databaseSchema.parse(builtIn({}));
    const [problem] = databaseProblems(given, certificateAuthoritySchema.parse({ issuer: { name: "letsencrypt" } }));
    assert.equal(problem?.path, "certificateAuthority.issuer.caBundle");
  });

  it("takes PostgreSQL's version from the image's tag, and an image of its own by what is said of it", () => {
    const version = (section: Section): unknown => {
      const { database } = resolveDatabase(databaseSchema.parse(builtIn(section)), undefined);
      return database.type === "builtIn" ? database.majorVersion : undefined;
    };
    assert.equal(version({}), 17);
    assert.equal(version({ image: "docker.io/postgis/postgis:18-3.6" }), 18);
    assert.equal(version({ image: "registry.example.org:5000/postgis:3.6", majorVersion: 16 }), 16);
    assert.deepEqual(problemsOf(builtIn({ image: "registry.example.org:5000/postgis:3.6", majorVersion: 16 })), []);
  });

  it("reads scripts with their checksums, and has a leaf only where it is built in", async () => {
    const given = databaseSchema.parse(builtIn({}));
    const { create } = resolveDatabase(given, undefined).schema ?? {};
    assert.deepEqual([create?.sha256, await create?.text], [sha256, text]);
    assert.deepEqual(databaseLeaves(given), [
      { path: "geocube.database.certificate.duration", duration: "2160h", decidedBy: "geocube.database.type" },
    ]);
    assert.deepEqual(databaseLeaves(databaseSchema.parse({ type: "external", schema })), []);
  });
});

describe("geocube.database.schema at an address", () => {
  let server: Server;
  let at: string;

  before(async () => {
    fs.mkdirSync(folder, { recursive: true });
    server = createServer((request, response) => {
      response.writeHead(request.url === "/create.sql" ? 200 : 404).end(text);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
  });

  const from = (place: string, checksum: string): ReturnType<typeof resolveDatabase>["schema"] => {
    const create = { url: `${at}${place}`, sha256: checksum };
    return resolveDatabase(databaseSchema.parse({ type: "builtIn", schema: { version: "1.1.0", create } }), undefined).schema;
  };

  it("is fetched, and taken by its checksum alone", async () => {
    const schemaThere = from("/create.sql", sha256);
    assert.equal(await schemaThere?.create.text, text);
    assert.deepEqual(await geocubeSchemaProblems(schemaThere), []);
  });

  it("is told before anything is made where it is another text, or is not there", async () => {
    const [changed] = await geocubeSchemaProblems(from("/create.sql", "0".repeat(64)));
    assert.match(changed?.found ?? "", new RegExp(`/create\\.sql has the checksum ${sha256}, not 0{64}`));
    const [missing] = await geocubeSchemaProblems(from("/other.sql", sha256));
    assert.match(missing?.found ?? "", /\/other\.sql answers 404/);
    assert.match(missing?.wayOut ?? "", /name it as file/);
  });
});

describe("geocubeDatabaseConnection", () => {
  const external = { type: "external", bootstrap: false } as unknown as GivenDatabase;
  const said = (connection: string | undefined, database?: GivenDatabase, secret = true): string => {
    const raw = {
      sections: {},
      secrets: { geocubeDatabaseConnection: connection },
      secretKeys: new Set(secret ? ["geocubeDatabaseConnection"] : []),
    };
    return geocubeDatabaseConnectionProblems(raw, database, false)
      .map(({ found, allowed, wayOut }) => `${found}; ${allowed}; ${wayOut}`)
      .join();
  };

  it("is needed by an external database alone, and as a secret", () => {
    assert.match(said(undefined, external), /^nothing;/);
    assert.match(said("postgres://a:b@c/d", undefined), /nothing uses/);
    assert.match(said("postgres://a:b@c/d", external, false), /plain text/);
    assert.equal(said("postgres://a:b@c/d", external), "");
    assert.equal(said(undefined, undefined), "");
  });

  it("leads to one database, with user and password, and is never shown", () => {
    const flaws: Readonly<Record<string, RegExp>> = {
      "mysql://a:hunter2@c/d": /postgres:\/\//,
      "host=c user=a password=hunter2": /postgres:\/\//,
      "postgres://a:hunter2@/d": /add the host|not a letter/,
      "postgres://a@c/d": /add the password/,
      "postgres://a:hunter2@c": /add the database/,
      "postgres://a:hun%ter2@c/d": /% and two digits/,
      "postgres://a:hunter2@c/d?sslmode=disable": /verified always/,
      "postgres://a:hunter2@c/d/e": /behind the database/,
    };
    for (const [connection, wanted] of Object.entries(flaws)) {
      assert.match(said(connection, external), wanted, connection);
      assert.ok(!said(connection, external).includes("hunter2"));
    }
    assert.equal(connectionFlaw("postgresql://a:p%40ss@[2001:db8::1]:6432/d?sslmode=verify-full"), undefined);
  });
});

/** What the program would say of these settings. */
function problemsOf(section: Section): readonly Problem[] {
  const parsed = databaseSchema.safeParse(section);
  const issues = parsed.error?.issues ?? [];
  const flaws = issues.flatMap((issue) => describeIssue(issue, databaseSchema, section));
  return [...flaws, ...(parsed.data === undefined ? [] : databaseProblems(parsed.data, authority))];
}
