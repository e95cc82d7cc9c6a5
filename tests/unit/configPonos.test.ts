import assert from "node:assert/strict";
import { FILL_IMAGE } from "../../config/ponosSchema";
import { resolved } from "../deployment";
import { problemAt, readWith, refusalOf } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const cluster = { identifier: "lab" };
const minimal = { url: "https://arkindex.example.org", farmId: "farm", image: "registry.example.org/ponos-agent:1.2.3" };
const digest = `sha256:${"0a".repeat(32)}`;
const volume = { name: "models", claimName: "weights", mountPath: "/models" };

/** What is given, the path that is refused, and what the text must say of it; what is needed, and a seed that is made, go without saying. */
const refused: readonly (readonly [string, Section, string, RegExp])[] = [
  ["no address", { url: undefined }, "url", /nothing/],
  ["an empty address", { url: "" }, "url", /"".*write it like https:/s],
  ["an address without scheme", { url: "arkindex.example.org" }, "url", /write it like/],
  ["an address of another scheme", { url: "ftp://arkindex.example.org" }, "url", /http:\/\/ or https:\/\//],
  ["an address with a password", { url: "https://user:secret@arkindex.example.org" }, "url", /what stands before the @/],
  ["an address with a line break", { url: "https://arkindex.example.org\n" }, "url", /http:\/\/ or https:\/\//],
  ["no farm", { farmId: undefined }, "farmId", /nothing/],
  ["an empty farm", { farmId: "" }, "farmId", /one line that is not empty/],
  ["a farm of blanks", { farmId: "  " }, "farmId", /one line that is not empty/],
  ["a farm of two lines", { farmId: "a\nb" }, "farmId", /line breaks/],
  ["no image", { image: undefined }, "image", /nothing/],
  ["the latest image", { image: "registry.example.org/ponos-agent:latest" }, "image", /without notice/],
  ["a folder that jobs do not see", { dataDir: "/usr/share/ponos/data" }, "dataDir", /\/data or a folder below it/],
  ["a folder that only begins like it", { dataDir: "/database" }, "dataDir", /\/data or a folder below it/],
  ["a relative folder", { dataDir: "data" }, "dataDir", /absolute path.*"\/data"/s],
  ["a level of another name", { logging: { level: "WARNIN" } }, "logging.level", /did you mean "WARNING"\?/],
  ["reports to nowhere", { sentry: {} }, "sentry.dsn", /nothing/],
  ["a namespace of Kubernetes' own", { namespace: "kube-system" }, "namespace", /Kubernetes' own/],
  ["local-path for many nodes", { storage: { storageClass: "local-path" } }, "storage.storageClass", /ReadWriteOnce.*assumeReadWriteMany/s],
  ["a size that is none", { storage: { size: "100 GB" } }, "storage.size", /write "100Gi"/],
  ["nothing as size", { storage: { size: "0Gi" } }, "storage.size", /more than nothing/],
  ["a mode that the agent cannot use", { storage: { accessMode: "ReadOnlyMany" } }, "storage.accessMode", /ReadWriteMany, ReadWriteOnce/],
  ["the CA in the data volume", { caBundle: { claimName: "ponos-data" } }, "caBundle.claimName", /storage\.claimName/],
  ["the CA under a data volume's other name", { storage: { claimName: "my-ca-bundle" } }, "caBundle.claimName", /storage\.claimName/],
  ["the CA under the platform's name", { caBundle: { claimName: "trustplane-ca-bundle" } }, "caBundle.claimName", /no other ConfigMap/],
  ["the CA under the configuration's name", { caBundle: { claimName: "ponos-config" } }, "caBundle.claimName", /no other ConfigMap/],
  ["a CA's claim that leaves a Job no name", { caBundle: { claimName: "c".repeat(53) } }, "caBundle.claimName", /at most 52/],
  ["a mount with a slash at its end", { caBundle: { mountPath: "/ssl/" } }, "caBundle.mountPath", /write "\/ssl"/],
  ["a CA where the agent's configuration is", { caBundle: { mountPath: "/etc/ponos" } }, "caBundle.mountPath", /its configuration/],
  ["a CA where the data is", { caBundle: { mountPath: "/data" } }, "caBundle.mountPath", /its data/],
  ["a variable that nobody reads", { caBundle: { variables: ["CA_BUNDLE"] } }, "caBundle.variables[0]", /CURL_CA_BUNDLE/],
  ["root as user of the image", { securityContext: { runAsUser: 0 } }, "securityContext.runAsUser", /forbids root/],
  ["a proxy for nothing", { proxy: { noProxy: ["example.org"] } }, "proxy", /http, https or both/],
  ["a proxy's password", { proxy: { http: "http://user:secret@proxy.example.org" } }, "proxy.http", /what stands before the @/],
  ["a volume where the data is", { extraVolumes: [{ ...volume, mountPath: "/data" }] }, "extraVolumes[0].mountPath", /the data volume's/],
  ["a volume where the CA is", { extraVolumes: [{ ...volume, mountPath: "/ssl" }] }, "extraVolumes[0].mountPath", /caBundle's/],
  ["a volume of the CA's name", { extraVolumes: [{ ...volume, name: "company-ca" }] }, "extraVolumes[0].name", /caBundle's/],
  ["two volumes of one name", { extraVolumes: [volume, { ...volume, mountPath: "/b" }] }, "extraVolumes[1].name", /extraVolumes\[0\]'s/],
  ["a variable of the CA", { extraEnvironment: { AWS_CA_BUNDLE: "/x" } }, "extraEnvironment.AWS_CA_BUNDLE", /caBundle does/],
  ["a variable that is no name", { extraEnvironment: { "A-B": "x" } }, "extraEnvironment.A-B", /letters, digits and _/],
  ["a value of two lines", { extraEnvironment: { A: "x\ny" } }, "extraEnvironment.A", /line breaks/],
  ["a label that Kubernetes refuses", { nodeSelector: { gpu: "a b" } }, "nodeSelector.gpu", /label's value/],
  ["a key that was meant otherwise", { farmID: "x" }, "farmID", /did you mean "farmId"\?/],
];

function ponos(section: Section): Section {
  return { cluster, ponos: { ...minimal, generateSeed: true, ...section } };
}

describe("the section ponos", () => {
  for (const [what, section, path, text] of refused) {
    it(`refuses ${what}`, async () => {
      const error = await refusalOf(ponos(section));
      const problem = problemAt(error, `trustplane:ponos.${path}`);
      assert.match(`${problem.found}; ${problem.allowed}; ${problem.wayOut}`, text);
      assert.equal(error.problems.length, 1, error.message);
    });
  }

  it("shows no password of an address that it refuses", async () => {
    const { message } = await refusalOf(ponos({ url: "https://user:hunter2@arkindex.example.org" }));
    assert.ok(!message.includes("hunter2"), message);
  });

  it("refuses a bundle of nothing, which a public issuer leaves without the public roots", async () => {
    const sections = { ...ponos({ caBundle: { publicRoots: false } }), certificateAuthority: { issuer: { name: "letsencrypt" } } };
    assert.match(problemAt(await refusalOf(sections), "trustplane:ponos.caBundle.publicRoots").found, /letsencrypt/);
    await readWith({ ...sections, ponos: { ...minimal, generateSeed: true } });
  });

  it("tells wrong values and contradictions at once", async () => {
    const section = {
      url: "",
      image: "x:latest",
      dataDir: "/srv",
      caBundle: { claimName: "ponos-data" },
      storage: { storageClass: "local-path" },
    };
    const { problems } = await refusalOf(ponos(section));
    const paths = problems.map(({ path }) => path.replace("trustplane:ponos.", "")).sort();
    assert.deepEqual(paths, ["caBundle.claimName", "dataDir", "image", "storage.storageClass", "url"]);
  });

  it("believes whoever vouches for local-path, and gives one node what it can give", async () => {
    await readWith(ponos({ storage: { storageClass: "local-path", assumeReadWriteMany: true } }));
    await readWith(ponos({ storage: { storageClass: "local-path", accessMode: "ReadWriteOnce" } }));
  });

  it("has upstream's names and our safer defaults", async () => {
    const { ponos: config } = await readWith(ponos({}));
    assert.ok(config !== undefined);
    const { namespace, configuration, rbac, stopJobs, protect, dataDir, storage, caBundle, seed } = config;
    assert.deepEqual([namespace, configuration, rbac, stopJobs, protect], ["default", "secret", "namespaced", false, false]);
    assert.deepEqual([dataDir, seed], ["/data", undefined]);
    const { claimName, size, accessMode } = storage;
    assert.deepEqual([claimName, size, accessMode], ["ponos-data", "100Gi", "ReadWriteMany"]);
    assert.deepEqual(caBundle, {
      claimName: "my-ca-bundle",
      mountPath: "/ssl",
      publicRoots: true,
      variables: [],
      image: FILL_IMAGE,
      runAsUser: 65_532,
    });
  });

  it("leaves the CA out on request", async () => {
    assert.equal((await readWith(ponos({ caBundle: { enabled: false, claimName: "ponos-data" } }))).ponos?.caBundle, undefined);
  });

  it("appends each image's digest to it", async () => {
    const { ponos: config } = await readWith(ponos({ digest, caBundle: { digest } }));
    assert.equal(config?.image, `${minimal.image}@${digest}`);
    assert.equal(config.caBundle?.image, `${FILL_IMAGE}@${digest}`);
  });
});

describe("the secret ponosSeed", () => {
  const agent = { cluster, ponos: minimal };

  async function seedProblem(keys: Section, secrets: readonly string[] = ["ponosSeed"]): Promise<string> {
    const { found, allowed, wayOut } = problemAt(await refusalOf(keys, secrets), "trustplane:ponosSeed");
    return `${found}; ${allowed}; ${wayOut}`;
  }

  it("is the agent's seed", async () => {
    const { ponos: config } = await readWith({ ...agent, ponosSeed: "1234e56" }, ["ponosSeed"]);
    assert.ok(config?.seed !== undefined);
    assert.equal(await resolved(config.seed as never), "1234e56");
  });

  it("is missed, with both ways out", async () => {
    assert.match(await seedProblem(agent), /nothing.*config set --secret trustplane:ponosSeed.*generateSeed: true/);
  });

  it("is refused in plain text, and not shown", async () => {
    const text = await seedProblem({ ...agent, ponosSeed: "deadbeef" }, []);
    assert.match(text, /plain text/);
    assert.ok(!text.includes("deadbeef"));
  });

  for (const [what, seed] of [
    ["empty", ""],
    ["blank", " "],
    ["of two lines", "dead\nbeef"],
  ] as const) {
    it(`is refused where it is ${what}, and not shown`, async () => {
      const text = await seedProblem({ ...agent, ponosSeed: seed });
      assert.match(text, /one line that is not empty/);
      assert.ok(!text.includes("beef"));
    });
  }

  it("is refused beside one that is made, and where there is no agent", async () => {
    assert.match(
      await seedProblem({ cluster, ponosSeed: "5eed", ponos: { ...minimal, generateSeed: true } }),
      /nothing uses.*generateSeed/,
    );
    assert.match(await seedProblem({ cluster, ponosSeed: "5eed" }), /nothing uses.*no section ponos/);
  });
});
