import assert from "node:assert/strict";
import { resolved } from "../deployment";
import { problemAt, readWith, refusalOf } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const cluster = { identifier: "lab" };
const login = { username: "u", password: "hunter2" };
const workersRegistryLogins = JSON.stringify({ "one.example.org": login, "two.example.org:5000": login });
const secret = { name: "logins", servers: ["one.example.org", "two.example.org:5000"], namespaces: ["default"] };

const stack = (imagePullSecrets: Section | undefined, more: Section = {}): Section => ({
  cluster,
  workersRegistryLogins,
  workers: { imagePullSecrets: imagePullSecrets && { secrets: [secret], ...imagePullSecrets } },
  ...more,
});

const read = (keys: Section): ReturnType<typeof readWith> => readWith(keys, ["workersRegistryLogins"]);

async function refusal(keys: Section, at: string, encrypted = ["workersRegistryLogins"]): Promise<string> {
  const error = await refusalOf(keys, encrypted);
  assert.ok(!error.message.includes("hunter2"));
  const { found, allowed, wayOut } = problemAt(error, `trustplane:${at}`);
  return `${found}; ${allowed}; ${wayOut}`;
}

describe("workers.imagePullSecrets", () => {
  it("is any number of logins in any namespaces", async () => {
    const { imagePullSecrets } = (await read(stack({}))).workers ?? {};
    assert.ok(imagePullSecrets !== undefined);
    assert.deepEqual(imagePullSecrets.secrets, [secret]);
    assert.deepEqual([imagePullSecrets.serviceAccounts, imagePullSecrets.defaultServiceAccounts], [[], []]);
    assert.deepEqual(await resolved(imagePullSecrets.logins as never), JSON.parse(workersRegistryLogins));
  });

  it("gives a ServiceAccount the namespace's own pull secrets unless it names others", async () => {
    const serviceAccounts = [
      { name: "puller", namespace: "default" },
      { name: "other", namespace: "plexus", imagePullSecrets: ["teklia"] },
    ];
    const accounts = (await read(stack({ serviceAccounts }))).workers?.imagePullSecrets?.serviceAccounts;
    assert.deepEqual(
      accounts?.map(({ imagePullSecrets }) => imagePullSecrets),
      [["logins"], ["teklia"]],
    );
  });

  for (const [what, section, at, words] of [
    [
      "a scheme before a server",
      { secrets: [{ ...secret, servers: ["https://one.example.org"] }] },
      "secrets[0].servers[0]",
      /write "one\.example\.org"/,
    ],
    [
      "Docker Hub by a name that Kubernetes does not know it by",
      { secrets: [{ ...secret, servers: ["docker.io"] }] },
      "secrets[0].servers[0]",
      /write "https:\/\/index\.docker\.io\/v1\/"/,
    ],
    [
      "a server without a login",
      { secrets: [{ ...secret, servers: [...secret.servers, "x.example.org"] }] },
      "secrets[0].servers[2]",
      /one\.example\.org, two/,
    ],
    [
      "a Secret twice in a namespace",
      { secrets: [secret, secret] },
      "secrets[1].namespaces[0]",
      /secrets\[0\] makes a Secret "logins" too/,
    ],
    ["no secrets", { secrets: [] }, "secrets", /a list/],
    [
      "the ServiceAccount default, which is Kubernetes' own",
      { serviceAccounts: [{ name: "default", namespace: "default" }] },
      "serviceAccounts[0].name",
      /defaultServiceAccounts/,
    ],
    [
      "a ServiceAccount where no pull secret is",
      { serviceAccounts: [{ name: "puller", namespace: "plexus" }] },
      "serviceAccounts[0].namespace",
      /one of imagePullSecrets\.secrets goes to/,
    ],
    [
      "a default list that lacks the section's own",
      { defaultServiceAccounts: [{ namespace: "default", imagePullSecrets: ["theirs"] }] },
      "defaultServiceAccounts[0].imagePullSecrets",
      /the whole list.*add logins/,
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      assert.match(await refusal(stack(section), `workers.imagePullSecrets.${at}`), words);
    });
  }

  it("refuses a ServiceAccount, and a default one, twice", async () => {
    const puller = { name: "puller", namespace: "default" };
    const list = { namespace: "default", imagePullSecrets: ["logins"] };
    const keys = stack({ serviceAccounts: [puller, puller], defaultServiceAccounts: [list, list] });
    assert.match(await refusal(keys, "workers.imagePullSecrets.serviceAccounts[1]"), /a second time/);
    assert.match(await refusal(keys, "workers.imagePullSecrets.defaultServiceAccounts[1].namespace"), /a second time/);
  });

  it("refuses the name that the registry's own pull secret has", async () => {
    const registry = { host: "registry.example.org", exposure: { type: "loadBalancer" }, pullSecrets: { namespaces: ["default"] } };
    const secrets = [{ ...secret, name: "image-registry" }];
    const keys = stack({}, { workers: { registry, imagePullSecrets: { secrets } } });
    assert.match(await refusal(keys, "workers.imagePullSecrets.secrets[0].namespaces[0]"), /workers\.registry\.pullSecrets makes/);
  });
});

describe("the secret workersRegistryLogins", () => {
  it("is missed, refused in plain text, and refused where nothing uses it", async () => {
    assert.match(await refusal(stack({}, { workersRegistryLogins: undefined }), "workersRegistryLogins"), /nothing.*config set --secret/);
    assert.match(await refusal(stack({}), "workersRegistryLogins", []), /plain text/);
    assert.match(await refusal(stack(undefined), "workersRegistryLogins"), /no workers\.imagePullSecrets/);
  });

  for (const text of ["hunter2", "[]", '{"one.example.org": "hunter2"}', '{"one.example.org": {"username": "u"}}']) {
    it(`is refused where it is no logins by servers: ${text.replace("hunter2", "…")}`, async () => {
      assert.match(await refusal(stack({}, { workersRegistryLogins: text }), "workersRegistryLogins"), /a JSON object/);
    });
  }

  it("is refused with an empty password, and with a login that nothing uses", async () => {
    const logins = (more: object): Section => ({
      workersRegistryLogins: JSON.stringify({ ...JSON.parse(workersRegistryLogins), ...more }),
    });
    const empty = logins({ "one.example.org": { username: "u", password: "" } });
    assert.match(await refusal(stack({}, empty), "workersRegistryLogins"), /a password: one line/);
    assert.match(
      await refusal(stack({}, logins({ "x.example.org": login })), "workersRegistryLogins"),
      /"x\.example\.org" that nothing uses/,
    );
  });
});
