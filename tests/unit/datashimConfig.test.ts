import assert from "node:assert/strict";
import type { DatashimConfig } from "../../config/datashim";
import { selfSignedRoot } from "../certificates";
import { problemAt, readWith, refusalOf } from "./stackConfig";

type Section = Readonly<Record<string, unknown>>;

const stack = (datashim: Section, sections: Section = {}): Section => ({
  cluster: { identifier: "lab" },
  plexus: { storageClass: { existing: "shared" }, datashim },
  ...sections,
});

async function datashim(section: Section): Promise<DatashimConfig> {
  const { plexus } = await readWith(stack(section));
  assert.ok(plexus?.shared?.datashim !== undefined);
  return plexus.shared.datashim;
}

async function refused(path: string, section: Section, sections: Section = {}): Promise<string> {
  const { found, allowed, wayOut } = problemAt(await refusalOf(stack(section, sections)), path);
  return `${found}; ${allowed}; ${wayOut}`;
}

/** What is given, the path below plexus.datashim that is refused, and what the text must say of it. */
const rows: readonly (readonly [string, Section, string, RegExp])[] = [
  ["an unknown key", { toleration: [] }, "toleration", /did you mean "tolerations"\?/],
  ["a namespace that is no label", { namespace: "Data_Sets" }, "namespace", /write "data-sets"/],
  ["the default namespace", { namespace: "default" }, "namespace", /a namespace that Datashim has for itself.*dlf/],
  ["Kubernetes' own namespace", { namespace: "kube-system" }, "namespace", /privileged/],
  ["a version with a v", { version: "v0.4.0" }, "version", /without a v.*write "0\.4\.0"/],
  ["latest", { version: "latest" }, "version", /a release of Datashim/],
  ["a version of the earlier API group", { version: "0.3.2" }, "version", /0\.4\.0 or newer.*install: false/],
  ["a version beside a folder", { chart: "./local/charts/datashim", version: "0.4.0" }, "version", /remove version/],
  ["a repository beside a folder", { chart: "./local/charts/datashim", repository: "https://charts.example.org" }, "repository", /remove/],
  ["a chart that is not there", { chart: "./no/such/chart" }, "chart", /nothing is at/],
  ["a type that leads to the nodes", { types: ["HOST"] }, "types[0]", /"HOST".*one of COS, NFS/],
  ["no type", { types: [] }, "types", /COS, NFS or both/],
  ["a type twice", { types: ["COS", "COS"] }, "types", /each once/],
  ["a folder with a slash at its end", { kubeletPath: "/var/data/kubelet/" }, "kubeletPath", /without a slash at its end/],
  ["a relative folder", { kubeletPath: "kubelet" }, "kubeletPath", /absolute/],
  ["a taint's unknown effect", { tolerations: [{ effect: "NoShedule" }] }, "tolerations[0].effect", /did you mean "NoSchedule"\?/],
  ["an operator without a version", { operator: { image: "registry.example.org/dataset-operator" } }, "operator.image", /latest/],
  ["root as the operator's user", { operator: { runAsUser: 0 } }, "operator.runAsUser", /from 1 to/],
  ["another policy", { webhook: { failurePolicy: "Warn" } }, "webhook.failurePolicy", /one of Fail, Ignore/],
  ["a webhook that is waited for too long", { webhook: { timeoutSeconds: 31 } }, "webhook.timeoutSeconds", /from 1 to 30/],
  ["a leaf that is too short", { certificate: { duration: "30m" } }, "certificate.duration", /write at least 1h/],
  ["a leaf that outlives the CA", { certificate: { duration: "87600h" } }, "certificate.duration", /"87600h"/],
];

describe("the configuration of Datashim", () => {
  it("has these defaults", async () => {
    const { chart, repository, version, ...rest } = await datashim({});
    assert.deepEqual([chart, repository, version], [undefined, undefined, undefined]);
    assert.deepEqual(rest, {
      install: true,
      namespace: "dlf",
      values: {},
      types: ["COS"],
      kubeletPath: "/var/lib/kubelet",
      tolerations: [{ operator: "Exists", effect: "NoSchedule" }],
      operator: { image: "quay.io/datashim-io/dataset-operator:0.4.0", runAsUser: 65_532 },
      webhook: { failurePolicy: "Fail", timeoutSeconds: 10 },
      certificate: { duration: "2160h" },
    });
  });

  it("has the operator follow the chart's version, unless it is named", async () => {
    const digest = `sha256:${"0a".repeat(32)}`;
    assert.equal((await datashim({ version: "0.4.2" })).operator.image, "quay.io/datashim-io/dataset-operator:0.4.2");
    const image = "registry.example.org/dataset-operator:1";
    assert.equal((await datashim({ version: "0.4.2", operator: { image, digest } })).operator.image, `${image}@${digest}`);
  });

  it("has no webhook where it is told so", async () => {
    assert.equal((await datashim({ webhook: { install: false } })).webhook, undefined);
  });

  it("takes an earlier version for the one that the cluster has", async () => {
    const { install, version } = await datashim({ install: false, version: "0.3.2" });
    assert.deepEqual([install, version], [false, "0.3.2"]);
  });

  for (const [what, section, path, text] of rows) {
    it(`refuses ${what}`, async () => {
      assert.match(await refused(`trustplane:plexus.datashim.${path}`, section), text);
    });
  }

  it("needs the roots of an issuer that the cluster has, unless there is no webhook", async () => {
    const path = "trustplane:certificateAuthority.issuer.caBundle";
    const issuer = { name: "vault" };
    assert.match(await refused(path, {}, { certificateAuthority: { issuer } }), /no public CA signs its name/);
    const caBundle = await selfSignedRoot("vault");
    await readWith(stack({}, { certificateAuthority: { issuer: { ...issuer, caBundle } } }));
    await readWith(stack({ webhook: { install: false } }, { certificateAuthority: { issuer } }));
    await readWith(stack({ install: false }, { certificateAuthority: { issuer } }));
  });

  it("tells every mistake at once", async () => {
    const { problems } = await refusalOf(
      stack({ namespace: "kube-system", types: ["HOST"], version: "0.3.2", webhook: { instal: false } }),
    );
    assert.deepEqual(problems.map(({ path }) => path.replace("trustplane:plexus.datashim.", "")).sort(), [
      "namespace",
      "types[0]",
      "version",
      "webhook.instal",
    ]);
  });
});
