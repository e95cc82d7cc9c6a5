import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { NGINX_IMAGE } from "../../config/sharedImages";
import { resolved } from "../deployment";
import { problemAt, readWith, refusalOf } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const cluster = { identifier: "lab" };
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "geocube-config-"));
const sql = path.join(folder, "schema.sql");
fs.writeFileSync(sql, "CREATE SCHEMA geocube;\n");

const database = { type: "builtIn", schema: { version: "1.1.0", create: { file: sql }, queue: { file: sql } } };
const image = (part: string): string => `registry.example.org/geocube-${part}:1.0.3`;
const apiserver = { image: image("server") };
const consolidater = { image: image("consolidater") };
const autoscaler = { image: image("autoscaler") };
const minimal = { database, apiserver, consolidater, autoscaler, clientNamespaces: ["science"] };

const emulator = { type: "pubsubEmulator", image: "registry.example.org/google-cloud-cli:1-emulators" };
const pubsub = { type: "pubsub", project: "my-project" };
const key = { type: "key" };
const gcs = { type: "gcs", datasets: "gs://cubes/datasets", cancelledJobs: "gs://cubes/cancelled" };
const balancer = { type: "loadBalancer", address: "cubes.example.org" };
const allowedSources = ["192.0.2.0/24"];
const tokens = { project: "my-project", secretName: "tokens" };
const unscaled = { autoscaler: undefined };

/** What is given beside what is needed, the path that is refused, and what the text must say of it. */
const refused: readonly (readonly [string, Section, string, RegExp])[] = [
  ["no database", { database: undefined }, "database", /nothing/],
  [
    "no server's image, and says how to build one",
    { apiserver: {} },
    "apiserver.image",
    /Dockerfile\.base-image .*Dockerfile\.server --build-arg/,
  ],
  ["no consolidater's image, and says how to build one", { consolidater: undefined }, "consolidater.image", /Dockerfile\.consolidater/],
  ["no autoscaler's image, and says how to build one", { autoscaler: {} }, "autoscaler.image", /Dockerfile\.autoscaler -t/],
  ["no downloader's image, and says how to build one", { downloader: {} }, "downloader.image", /Dockerfile\.downloader/],
  ["the latest image", { apiserver: { image: "registry.example.org/geocube:latest" } }, "apiserver.image", /without notice/],
  ["a namespace of Kubernetes' own", { namespace: "kube-system" }, "namespace", /Kubernetes' own/],
  ["everybody's namespace", { namespace: "default" }, "namespace", /keep others out/],
  ["root as user", { securityContext: { runAsUser: 0 } }, "securityContext.runAsUser", /forbids root/],
  ["a messaging that there is not", { messaging: { type: "kafka" } }, "messaging.type", /pgqueue, pubsub, pubsubEmulator/],
  ["Pub/Sub without a project", { messaging: { type: "pubsub" } }, "messaging.project", /nothing/],
  [
    "a project's name for its id",
    { messaging: { ...emulator, project: "My Project" }, ...unscaled, tls: { enabled: false } },
    "messaging.project",
    /write the id/,
  ],
  [
    "a topic's whole path",
    { messaging: { ...pubsub, eventsTopic: "projects/p/topics/events" }, googleCredentials: key, exposure: balancer, allowedSources },
    "messaging.eventsTopic",
    /write "events" alone/,
  ],
  ["Pub/Sub whose events nobody could push", { messaging: pubsub, googleCredentials: key }, "exposure.type", /pushes events to \/push/],
  ["Pub/Sub without credentials", { messaging: pubsub, exposure: balancer, allowedSources }, "googleCredentials", /messaging need/],
  [
    "tokens of another project than Pub/Sub's",
    {
      messaging: pubsub,
      googleCredentials: key,
      exposure: balancer,
      apiserver: { ...apiserver, tokens: { ...tokens, project: "another" } },
    },
    "apiserver.tokens.project",
    /the same project/,
  ],
  [
    "the emulator beside the autoscaler, with the reason",
    { messaging: emulator, tls: { enabled: false } },
    "autoscaler",
    /Cloud Monitoring, which knows nothing of an emulator's/,
  ],
  ["the emulator beside TLS", { messaging: emulator, ...unscaled }, "tls.enabled", /knows no CA but the public ones/],
  ["the emulator without an image", { messaging: { type: "pubsubEmulator" }, ...unscaled }, "messaging.image", /VERSION-emulators/],
  [
    "a queue without its table",
    { database: { ...database, schema: { ...database.schema, queue: undefined } } },
    "database.schema.queue",
    /create_table\.sql/,
  ],
  [
    "to write to S3, with the reason",
    { storage: { ...gcs, datasets: "s3://cubes/datasets" }, googleCredentials: key },
    "storage.datasets",
    /only reads, and writing is not implemented upstream.*type: volume/s,
  ],
  ["a storage of S3", { storage: { type: "s3" } }, "storage.type", /volume, gcs/],
  [
    "a path for a bucket",
    { storage: { ...gcs, cancelledJobs: "/cancelled" }, googleCredentials: key },
    "storage.cancelledJobs",
    /type: volume/,
  ],
  ["buckets without credentials", { storage: gcs }, "googleCredentials", /storage need/],
  [
    "credentials that nothing uses",
    { googleCredentials: { type: "workloadIdentity", serviceAccount: "g@p.iam.gserviceaccount.com" } },
    "googleCredentials",
    /nothing asks Google/,
  ],
  [
    "a person for a service account",
    { storage: gcs, googleCredentials: { type: "workloadIdentity", serviceAccount: "me@example.org" } },
    "googleCredentials.serviceAccount",
    /gserviceaccount/,
  ],
  [
    "local-path for many nodes",
    { storage: { type: "volume", storageClass: "local-path" } },
    "storage.storageClass",
    /ReadWriteOnce.*assumeReadWriteMany/s,
  ],
  ["no room for datasets", { storage: { type: "volume", size: "0" } }, "storage.size", /more than nothing/],
  [
    "a volume around the database's CA",
    { storage: { type: "volume", mountPath: "/geocube" } },
    "storage.mountPath",
    /outside of \/geocube/,
  ],
  [
    "more workers than connections, with the sum",
    { autoscaler: { ...autoscaler, max: 200 } },
    "autoscaler.max",
    /200 × 5 \(workers\) \+ 1 × 10 \(apiserver\) \+ 1 × 5 \(autoscaler\) \+ 1 × 10 \(reserve\) = 1025.*at most 199, or maxConnections: 1025/s,
  ],
  ["the seed's 256 workers", { autoscaler: { ...autoscaler, max: 256 } }, "autoscaler.max", /= 1305/],
  ["more servers than connections", { apiserver: { ...apiserver, replicas: 2 } }, "autoscaler.max", /2 × 10 \(apiserver\).*at most 197/s],
  ["a ratio below one", { autoscaler: { ...autoscaler, ratio: 0.5, minRatio: 0 } }, "autoscaler.ratio", /a number from 1/],
  ["a lower ratio above the upper one", { autoscaler: { ...autoscaler, minRatio: 2 } }, "autoscaler.minRatio", /at most ratio/],
  ["fewest above most", { autoscaler: { ...autoscaler, min: 9, max: 8 } }, "autoscaler.min", /at most max/],
  ["steps of nothing", { autoscaler: { ...autoscaler, step: 0 } }, "autoscaler.step", /from 1/],
  [
    "pods of its own beside the autoscaler's",
    { consolidater: { ...consolidater, replicas: 2 } },
    "consolidater.replicas",
    /does not know of these pods/,
  ],
  ["nobody to work", { consolidater: { ...consolidater, replicas: 0 }, ...unscaled }, "consolidater.replicas", /nobody would work/],
  ["no room to work", { consolidater: { ...consolidater, scratch: { size: "0Gi" } } }, "consolidater.scratch.size", /more than nothing/],
  [
    "a connection's age that the program does not take",
    { apiserver: { ...apiserver, maxConnectionAge: 30 } },
    "apiserver.maxConnectionAge",
    /less than 60 for 900/,
  ],
  ["blocks of no size", { raster: { blockSize: "large" } }, "raster.blockSize", /"1Mb"/],
  ["a server that nobody reaches", { clientNamespaces: [] }, "clientNamespaces", /like \[default\]/],
  [
    "a downloader that nobody reaches",
    { clientNamespaces: [], exposure: balancer, allowedSources, downloader: { image: image("downloader") } },
    "clientNamespaces",
    /downloader/,
  ],
  ["sources without a way", { allowedSources }, "allowedSources", /no way from outside/],
  ["everybody without tokens", { exposure: balancer }, "allowedSources", /the Admin API included/],
  [
    "tokens in clear",
    { exposure: balancer, tls: { enabled: false }, googleCredentials: key, apiserver: { ...apiserver, tokens } },
    "tls.enabled",
    /in clear/,
  ],
  [
    "a NodePort outside the range",
    { exposure: { type: "nodePort", address: "192.0.2.7", port: 8080 }, allowedSources },
    "exposure.port",
    /30000 to 32767/,
  ],
  [
    "an address with a port",
    { exposure: { ...balancer, address: "cubes.example.org:443" }, allowedSources },
    "exposure.address",
    /without scheme, port/,
  ],
  [
    "an ingress that the stack does not have",
    { exposure: { type: "ingress", host: "cubes.example.org" }, allowedSources },
    "exposure.className",
    /no trustplane:ingressNginx/,
  ],
  ["a renewal before the issue", { tls: { duration: "24h", renewBefore: "24h" } }, "tls.renewBefore", /less than duration/],
  ["a key that was meant otherwise", { autoscalr: {} }, "autoscalr", /did you mean "autoscaler"\?/],
];

const secrets = { geocubeGoogleCredentials: JSON.stringify({ type: "service_account", client_email: "g@p", private_key: "hunter2" }) };

function geocube(section: Section): Section {
  const given: Section = { ...minimal, ...section };
  const credentials = given["googleCredentials"] as { type?: string } | undefined;
  return { cluster, geocube: given, ...(credentials?.type === "key" ? secrets : {}) };
}

const secretKeys = ["geocubeGoogleCredentials", "geocubeAwsCredentials"];

after(() => {
  fs.rmSync(folder, { recursive: true });
});

describe("the section geocube", () => {
  for (const [what, section, at, text] of refused) {
    it(`refuses ${what}`, async () => {
      const error = await refusalOf(geocube(section), secretKeys);
      const { found, allowed, wayOut } = problemAt(error, `trustplane:geocube.${at}`);
      assert.match(`${found}; ${allowed}; ${wayOut}`, text);
      assert.equal(error.problems.length, 1, error.message);
    });
  }

  it("has upstream's numbers and our safer defaults", async () => {
    const { geocube: config } = await readWith(geocube({}));
    assert.ok(config !== undefined);
    const { namespace, messaging, storage, exposure, certificate, autoscaler: scaler } = config;
    assert.deepEqual(
      [namespace, messaging, exposure, certificate],
      ["geocube", { type: "pgqueue" }, { type: "none" }, { duration: "2160h", nginxImage: NGINX_IMAGE }],
    );
    assert.deepEqual([storage.type, config.apiserver.maxConnectionAge, config.consolidater.replicas], ["volume", 3600, 0]);
    assert.ok(scaler !== undefined);
    assert.deepEqual([scaler.update, scaler.ratio, scaler.minRatio, scaler.step, scaler.max, scaler.min], ["30s", 1, 1, 16, 199, 0]);
  });

  it("lets the ReplicationController work where there is no autoscaler", async () => {
    assert.equal((await readWith(geocube(unscaled))).geocube?.consolidater.replicas, 1);
  });

  it("takes as many workers as Pub/Sub has, who need no database", async () => {
    const section = {
      messaging: pubsub,
      googleCredentials: key,
      exposure: balancer,
      allowedSources,
      autoscaler: { ...autoscaler, max: 5000 },
    };
    assert.equal((await readWith(geocube(section), secretKeys)).geocube?.autoscaler?.max, 5000);
  });

  it("serves without TLS on request, and appends digests to images", async () => {
    const digest = `sha256:${"0a".repeat(32)}`;
    const { geocube: config } = await readWith(geocube({ tls: { enabled: false }, apiserver: { ...apiserver, digest } }));
    assert.equal(config?.certificate, undefined);
    assert.equal(config?.apiserver.image, `${apiserver.image}@${digest}`);
  });

  it("refuses a port and a host that another section has", async () => {
    const ingressNginx = { exposure: { type: "nodePort", https: 30_443 }, certificate: { dnsNames: ["cubes.example.org"] } };
    const nodePort = { exposure: { type: "nodePort", address: "192.0.2.7", port: 30_443 }, allowedSources };
    const taken = await refusalOf({ ...geocube(nodePort), ingressNginx });
    assert.match(
      problemAt(taken, "trustplane:geocube.exposure.port").found,
      /30443, which trustplane:ingressNginx\.exposure\.https has too/,
    );
    const example = { image: "registry.example.org/microbot:1", exposure: { type: "ingress", host: "cubes.example.org" } };
    const ingress = { exposure: { type: "ingress", host: "cubes.example.org" }, allowedSources };
    const shared = await refusalOf({ ...geocube(ingress), ingressNginx, workers: { ingress: { example } } });
    assert.match(problemAt(shared, "trustplane:workers.ingress.example.exposure.host").found, /geocube\.exposure\.host/);
    const registry = { host: "cubes.example.org", exposure: { type: "ingress", className: "public" } };
    const elsewhere = { ...geocube({ exposure: { ...ingress.exposure, className: "public" }, allowedSources }), ingressNginx };
    const both = await refusalOf({ ...elsewhere, workers: { registry } });
    assert.match(problemAt(both, "trustplane:workers.registry.host").found, /geocube\.exposure\.host/);
  });

  it("refuses a namespace that another system has", async () => {
    const ponos = { url: "https://arkindex.example.org", farmId: "farm", image: image("ponos"), generateSeed: true, namespace: "geocube" };
    assert.match(problemAt(await refusalOf({ ...geocube({}), ponos }), "trustplane:geocube.namespace").found, /ponos\.namespace too/);
  });

  it("refuses leaves that outlive the CA, and a public issuer", async () => {
    const short = await refusalOf({ ...geocube({}), certificateAuthority: { validity: "24h" } });
    assert.match(problemAt(short, "trustplane:geocube.tls.duration").found, /24h/);
    const open = await refusalOf({ ...geocube({}), certificateAuthority: { issuer: { name: "letsencrypt" } } });
    assert.match(problemAt(open, "trustplane:geocube.tls.enabled").allowed, /end in \.svc/);
  });

  it("tells wrong values and contradictions at once", async () => {
    const section = {
      apiserver: {},
      messaging: emulator,
      autoscaler: { ...autoscaler, ratio: 0 },
      storage: { type: "volume", storageClass: "local-path", mountPath: "/tmp/x" },
      exposure: { type: "nodePort", address: "a:1", port: 1 },
    };
    const paths = (await refusalOf(geocube(section))).problems.map(({ path: at }) => at.replace("trustplane:geocube.", "")).sort();
    assert.deepEqual(paths, [
      "apiserver.image",
      "autoscaler",
      "autoscaler.ratio",
      "exposure.address",
      "exposure.port",
      "storage.mountPath",
      "storage.storageClass",
      "tls.enabled",
    ]);
  });
});

describe("the secrets of geocube", () => {
  const withKey = { ...geocube({ storage: gcs, googleCredentials: key }) };
  const s3 = { cluster, geocube: { ...minimal, raster: { s3: { region: "eu-west-1" } } } };

  async function problem(keys: Section, secret: string, encrypted = [secret]): Promise<string> {
    const error = await refusalOf(keys, encrypted);
    const { found, allowed, wayOut } = problemAt(error, `trustplane:${secret}`);
    assert.ok(!error.message.includes("hunter2"), error.message);
    return `${found}; ${allowed}; ${wayOut}`;
  }

  it("are the credentials that the pods get", async () => {
    const { geocube: config } = await readWith(withKey, secretKeys);
    assert.ok(config?.googleCredentials?.type === "key");
    assert.equal(await resolved(config.googleCredentials.key as never), secrets.geocubeGoogleCredentials);
  });

  it("are missed, refused in plain text, and refused where nothing uses them", async () => {
    assert.match(
      await problem({ ...withKey, geocubeGoogleCredentials: undefined }, "geocubeGoogleCredentials"),
      /nothing.*config set --secret/,
    );
    assert.match(await problem(withKey, "geocubeGoogleCredentials", []), /plain text/);
    assert.match(await problem({ ...geocube({}), ...secrets }, "geocubeGoogleCredentials"), /nothing uses/);
    assert.match(await problem(s3, "geocubeAwsCredentials"), /nothing.*raster\.s3 is set/);
  });

  it("are refused where they are something else, and not shown", async () => {
    assert.match(await problem({ ...withKey, geocubeGoogleCredentials: "hunter2" }, "geocubeGoogleCredentials"), /key file/);
    assert.match(await problem({ ...s3, geocubeAwsCredentials: "hunter2" }, "geocubeAwsCredentials"), /aws_secret_access_key/);
    const file = "[default]\naws_access_key_id = a\naws_secret_access_key = b\n";
    await readWith({ ...s3, geocubeAwsCredentials: file }, secretKeys);
  });
});
