import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { X509Certificate } from "node:crypto";
import { databaseCaPath } from "../../components/geocube/databaseTrust";
import { type Deployment, resolved } from "../deployment";
import { builtIn, client, database, external, root, schema, script } from "./geocubeDatabaseFixture";

type Made = Deployment<unknown>;

interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly securityContext: object;
}

interface PodSpec {
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string; readonly secret?: object; readonly persistentVolumeClaim?: object }[];
  readonly securityContext: object;
  readonly automountServiceAccountToken: boolean;
  readonly imagePullSecrets: readonly { readonly name: string }[];
}

interface Template {
  readonly metadata: { readonly labels: Record<string, string>; readonly annotations: Record<string, string> };
  readonly spec: PodSpec;
}

const bare = [
  "Certificate database-certificate",
  "ConfigMap database-ca",
  "ConfigMap database-configuration",
  "ConfigMap database-schema-scripts",
  "Job database-schema",
  "NetworkPolicy database-schema-network-policy",
  "NetworkPolicy database-server-network-policy",
  "PersistentVolumeClaimPatch database-data",
  "RandomPassword database-administrator-password",
  "RandomPassword database-client-password",
  "Secret database-administrator",
  "Secret database-connection",
  "Service database-service",
  "ServiceAccount database-service-account",
  "StatefulSet database-server",
];

const backup = { schedule: "17 2 * * *", keep: 7, size: "50Gi" };

function children({ resources }: Made): readonly string[] {
  const own = resources.filter(({ type }) => !type.startsWith("trustplane:") && !type.startsWith("pulumi:"));
  return own.map(({ type, name }) => `${type.split(":").at(-1) ?? type} ${name}`).sort();
}

function template(made: Made, name: string): Template {
  return (made.get(name).inputs["spec"] as { template: Template }).template;
}

function secret(made: Made, name: string): Record<string, string> {
  const data = Object.entries(made.get(name).inputs["data"] as Record<string, string>);
  return Object.fromEntries(data.map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
}

function nameOf(made: Made, child: string): string {
  return (made.get(child).inputs["metadata"] as { name: string }).name;
}

/** Paths of the properties that the component refuses. */
async function refused(changes: Parameters<typeof database>[0]): Promise<readonly string[]> {
  const error: unknown = await database(changes).catch((reason: unknown) => reason);
  assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
  return error.errors.map(({ propertyPath }) => propertyPath).sort();
}

describe("GeocubeDatabase", () => {
  it("makes a server, its schema and its connections, and no backup unless asked", async () => {
    assert.deepEqual(children(await database()), bare);
  });

  it("makes a CronJob and a volume for the dumps on request", async () => {
    const made = children(await database({ database: { ...builtIn, backup } })).filter((child) => !bare.includes(child));
    assert.deepEqual(made, [
      "CronJob database-backup",
      "NetworkPolicy database-backup-network-policy",
      "PersistentVolumeClaimPatch database-backups",
    ]);
  });

  it("makes no server for an external database, but its schema and a role", async () => {
    assert.deepEqual(children(await database({ database: external() })), [
      "ConfigMap database-ca",
      "ConfigMap database-schema-scripts",
      "Job database-schema",
      "NetworkPolicy database-schema-network-policy",
      "RandomPassword database-client-password",
      "Secret database-administrator",
      "Secret database-connection",
    ]);
  });

  it("makes nothing but the connection to an external database whose schema is there", async () => {
    const made = await database({ database: external({ bootstrap: false }), schema: undefined });
    assert.deepEqual(children(made), ["ConfigMap database-ca", "Secret database-connection"]);
    assert.match(secret(made, "database-connection")["connection"] ?? "", /^postgres:\/\/admin:p%40ss@db\.example\.org:6432\/cube\?/);
  });

  it("protects the volumes only where it is told to", async () => {
    for (const protect of [true, false]) {
      const { resources } = await database({ database: { ...builtIn, backup, protect } });
      const kept = resources.filter((resource) => resource.protect).map(({ name }) => name);
      assert.deepEqual(kept.sort(), protect ? ["database-backups", "database-data"] : []);
    }
  });

  it("names every bad argument at once", async () => {
    const updates = [{ version: "1.x", ...script("UPDATE") }];
    const bad = { schema: { ...schema, version: "1.1", updates }, clients: [{}], database: { ...builtIn, maxConnections: 0 } };
    assert.deepEqual(await refused(bad), ["clients[0]", "database.maxConnections", "schema.updates[0].version", "schema.version"]);
    assert.deepEqual(await refused({ schema: undefined }), ["schema"]);
  });
});

describe("GeocubeDatabase's connections", () => {
  it("verify certificate and name against the CA at the clients' path", async () => {
    const made = await database();
    const trust = `sslmode=verify-full&sslrootcert=${encodeURIComponent(databaseCaPath)}`;
    const address = /^postgres:\/\/apiserver:(password\d)@geocube-database\.geocube\.svc:5432\/geocube\?(.*)$/;
    const { connection = "", queueConnection = "", password } = secret(made, "database-connection");
    const [, used, query] = address.exec(connection) ?? [];
    assert.deepEqual([used, query], [password, `${trust}&binary_parameters=yes`]);
    assert.deepEqual(address.exec(queueConnection)?.slice(1), [password, trust]);
    assert.notEqual(secret(made, "database-administrator")["PGPASSWORD"], password);
  });

  it("are known by key and Secret, with what mounts the CA and what has to be there first", async () => {
    const { result } = await database();
    const { connectionSecret, queueConnectionSecret, caMount, ready, maxConnections } = result;
    assert.deepEqual([await resolved(connectionSecret.name), connectionSecret.key], ["geocube-database-connection", "connection"]);
    assert.deepEqual(
      [await resolved(queueConnectionSecret.name), queueConnectionSecret.key],
      ["geocube-database-connection", "queueConnection"],
    );
    assert.deepEqual(caMount.volumeMount, { name: "database-ca", mountPath: "/geocube/database-ca", readOnly: true });
    assert.equal(maxConnections, 1024);
    const urns = await Promise.all(ready.map(({ urn }) => resolved(urn)));
    assert.ok(
      urns.some((urn) => urn.endsWith("::database-schema")),
      urns.join(),
    );
  });

  it("keep user and password of an external administrator apart from Geocube's role", async () => {
    const made = await database({ database: external() });
    const { PGUSER, PGPASSWORD, PGHOST, PGPORT, PGDATABASE } = secret(made, "database-administrator");
    assert.deepEqual([PGUSER, PGPASSWORD, PGHOST, PGPORT, PGDATABASE], ["admin", "p@ss", "db.example.org", "6432", "cube"]);
    assert.match(
      secret(made, "database-connection")["connection"] ?? "",
      /^postgres:\/\/apiserver:password1@db\.example\.org:6432\/cube\?/,
    );
  });

  it("change the digest with a password and with the roots, and the digest is no secret", async () => {
    const digest = async (...args: Parameters<typeof database>): Promise<string> => {
      const { result } = await database(...args);
      assert.equal(await pulumi.isSecret(result.digest), false);
      return resolved(result.digest);
    };
    const before = await digest();
    assert.equal(await digest(), before);
    const other = (password: string): Promise<string> =>
      digest({
        database: external({ bootstrap: false, connection: pulumi.secret(`postgres://a:${password}@db/cube`) }),
        schema: undefined,
      });
    assert.notEqual(await other("one"), await other("two"));
    assert.notEqual(await digest({}, `${root}another`), before);
  });

  it("reach no ConfigMap, no variable and no argument", async () => {
    const made = await database({ database: { ...builtIn, backup } });
    const shown = made.resources.filter(({ type }) => !/Secret|RandomPassword/.test(type));
    assert.ok(!JSON.stringify(shown.map(({ inputs }) => inputs)).includes("password1"));
    assert.ok(!JSON.stringify(shown.map(({ inputs }) => inputs)).includes("password2"));
  });

  it("trust the roots that are given for an external database, else the public ones", async () => {
    const bundle = async (caBundle?: string): Promise<string> => {
      const { get } = await database({ database: external(caBundle === undefined ? {} : { caBundle }) });
      return (get("database-ca").inputs["data"] as Record<string, string>)["ca-bundle.crt"] ?? "";
    };
    assert.equal(await bundle(root), root);
    const [first = ""] = (await bundle()).split(/(?<=END CERTIFICATE-----\n)/);
    assert.ok(new X509Certificate(first).ca);
  });
});

describe("GeocubeDatabase's server", () => {
  it("meets the level restricted, on a root that nobody writes to, without a token", async () => {
    const { spec } = template(await database(), "database-server");
    assert.deepEqual(spec.securityContext, {
      runAsNonRoot: true,
      runAsUser: 999,
      runAsGroup: 999,
      fsGroup: 999,
      seccompProfile: { type: "RuntimeDefault" },
      fsGroupChangePolicy: "OnRootMismatch",
    });
    for (const { securityContext } of spec.containers) {
      assert.deepEqual(securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
    }
    assert.equal(spec.automountServiceAccountToken, false);
    assert.deepEqual(spec.imagePullSecrets, [{ name: "registry" }]);
  });

  it("has its data in one folder of the volume, which moved with version 18", async () => {
    const places = async (majorVersion: number): Promise<readonly (string | undefined)[]> => {
      const [server] = template(await database({ database: { ...builtIn, majorVersion } }), "database-server").spec.containers;
      const mount = server?.volumeMounts.find(({ name }) => name === "data")?.mountPath;
      return [mount, server?.env.find(({ name }) => name === "PGDATA")?.value];
    };
    assert.deepEqual(await places(17), ["/var/lib/postgresql/data", "/var/lib/postgresql/data/pgdata"]);
    assert.deepEqual(await places(18), ["/var/lib/postgresql", "/var/lib/postgresql/pgdata"]);
  });

  it("gives its key to root and the image's group alone, as PostgreSQL wants it", async () => {
    const { volumes } = template(await database(), "database-server").spec;
    assert.deepEqual(volumes.find(({ name }) => name === "certificate")?.secret, {
      secretName: "geocube-database-tls",
      defaultMode: 0o440,
    });
  });

  it("rolls when its password changes, and not when its certificate or the CA does", async () => {
    const annotations = async (...args: Parameters<typeof database>): Promise<object> =>
      template(await database(...args), "database-server").metadata.annotations;
    const before = await annotations();
    assert.deepEqual(Object.keys(before), ["trustplane.dev/checksum"]);
    assert.deepEqual(await annotations({ database: { ...builtIn, certificate: { duration: "720h" } } }, `${root}another`), before);
    assert.notDeepEqual(await annotations({}, root, 7), before);
  });

  it("lets in its clients and its own Jobs alone, and connects to nobody", async () => {
    const { get } = await database({ database: { ...builtIn, backup } });
    const spec = get("database-server-network-policy").inputs["spec"] as {
      ingress: readonly [{ from: readonly object[] }];
      egress: object[];
    };
    const role = (component: string): object => ({
      podSelector: {
        matchLabels: {
          "app.kubernetes.io/name": "geocube-database",
          "app.kubernetes.io/instance": "database",
          "app.kubernetes.io/component": component,
        },
      },
    });
    assert.deepEqual(spec.ingress, [
      { ports: [{ protocol: "TCP", port: 5432 }], from: [{ podSelector: { matchLabels: client } }, role("schema"), role("backup")] },
    ]);
    assert.deepEqual(spec.egress, []);
  });
});

describe("the Jobs of GeocubeDatabase", () => {
  it("wait until the database lets a new pod in, with the connection of what follows", async () => {
    const backup = { schedule: "@daily", keep: 2, size: "1Gi" };
    const made = await database({ database: { ...builtIn, backup } });
    const cronJob = made.get("database-backup").inputs["spec"] as {
      readonly jobTemplate: { readonly spec: { readonly template: Template } };
    };
    for (const { spec } of [template(made, "database-schema"), cronJob.jobTemplate.spec.template]) {
      const [wait, ...more] = spec.initContainers ?? [];
      assert.deepEqual([wait?.name, wait?.args, more], ["await-database", ["300"], []]);
      assert.deepEqual(wait?.env, spec.containers[0]?.env.slice(0, 2));
    }
  });
});

describe("GeocubeDatabase's schema Job", () => {
  it("is another one for another text, another password or another version, and the same otherwise", async () => {
    const name = async (...args: Parameters<typeof database>): Promise<string> => nameOf(await database(...args), "database-schema");
    const before = await name();
    assert.match(before, /^geocube-database-schema-[0-9a-f]{10}$/);
    assert.equal(await name({ database: { ...builtIn, maxConnections: 100 } }), before);
    const others = [
      await name({ schema: { ...schema, create: script("CREATE OTHERWISE") } }),
      await name({ schema: { ...schema, updates: [{ version: "1.2.0", ...script("UPDATE") }] } }),
      await name({ schema: { ...schema, adopt: "1.0.0" } }),
      await name({ database: external({ connection: pulumi.secret("postgres://admin:other@db.example.org/cube") }) }),
    ];
    assert.equal(new Set([before, ...others]).size, 5);
  });

  it("runs once the server is there, with every script and the updates in their order", async () => {
    const updates = ["0.3.0", "1.1.0"].map((version) => ({ version, ...script(version) }));
    const made = await database({ schema: { ...schema, updates } });
    assert.deepEqual(made.get("database-schema").dependsOn, ["database-server", "database-ca"]);
    const scripts = { "create.sql": "CREATE", "queue.sql": "QUEUE", "update-0.3.0.sql": "0.3.0", "update-1.1.0.sql": "1.1.0" };
    assert.deepEqual(made.get("database-schema-scripts").inputs["data"], scripts);
    const [container] = template(made, "database-schema").spec.containers;
    assert.deepEqual(container?.args, ["/schema", "1.1.0", "", "0.3.0", "1.1.0"]);
    assert.deepEqual(container.env.slice(0, 2), [
      { name: "PGSSLMODE", value: "verify-full" },
      { name: "PGSSLROOTCERT", value: databaseCaPath },
    ]);
  });
});
