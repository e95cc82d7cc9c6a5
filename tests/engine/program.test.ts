import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  AuthenticationV1TokenRequest,
  CoreV1Api,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  loadAllYaml,
} from "@kubernetes/client-node";
import { ClusterReader } from "./clusterReader";
import { verifiesAlone } from "./chains";
import { parse, stringify } from "yaml";
import { installPlugins } from "../pluginHome";
import { chartArchive } from "../../local/realCharts";
import { PlainPulumi, plannedByScript } from "./plainPulumi";
import { ProjectCopy } from "./projectCopy";
import { exitCode } from "../../automation/exitCode";
import { packNames } from "../../policies/packs";

/** What a destroy leaves, because it holds data, beside the CRDs. */
const kept = [
  "namespace geocube",
  "namespace image-registry",
  "claim default/my-ca-bundle",
  "claim default/ponos-data",
  "claim geocube/geocube-data",
  "claim geocube/geocube-database-data",
  "claim image-registry/image-registry-data",
];

/** What whoever has another cluster writes into the copy of the example: here the one that the tests have. */
const edits = {
  "trustplane:certManager": { chart: "./local/charts/cert-manager.tgz" },
  "trustplane:interlink.exposure.metalLB": undefined,
  "trustplane:ponos.storage.storageClass": "shared",
  "trustplane:plexus.storageClass.existing": "shared",
  "trustplane:plexus.nodes": undefined,
  // a registry has kept its claim there
  "trustplane:workers.registry.storage.storageClass": "shared",
  "trustplane:workers.registry.storage.size": "1Gi",
};

/** The commands that README.md gives whoever has a cluster. */
function steps(root: string): readonly string[] {
  const [, section = ""] = fs.readFileSync(path.join(root, "README.md"), "utf8").split("## On your own cluster\n");
  const [, block = ""] = /```sh\n([^]*?)```/.exec(section) ?? [];
  return block
    .trim()
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, ""));
}

/** The whole dev stack, with all five systems, on the real engine and API server. */
describe("the program", () => {
  let project: ProjectCopy;
  let cluster: ClusterReader;
  let planned: readonly string[] = [];

  before(() => {
    project = new ProjectCopy(undefined, { policies: true });
    cluster = new ClusterReader(project.kubeconfig);
  });

  after(() => {
    project.dispose();
  });

  it("plans with the CLI alone what the script plans, and comes up by that", async () => {
    planned = plannedByScript(project.run("preview", "--json").expect(0));
    assert.ok(planned.length > 100, planned.join("\n"));
    const plain = await PlainPulumi.in(project.root, "dev");
    plain.run("stack", "init").expect(0);
    const packs = plain.packs();
    assert.deepEqual(plain.plan(...packs), planned);
    const { text } = plain.run("up", "--yes", "--skip-preview", ...packs).expect(0);
    assert.match(text, new RegExp(`\\+ ${planned.length + 1} created`));
    for (const pack of packNames) assert.match(text, new RegExp(`${pack}@v`));
  });

  it("exports its CA with fingerprint and expiry", async () => {
    const outputs = project.outputs();
    const pem = outputs["kubernetesApiCaCrt"] as string;
    const root = new X509Certificate(pem);
    assert.equal(root.ca, true);
    assert.equal(outputs["certificateAuthorityFingerprint"], root.fingerprint256);
    assert.equal(Date.parse(outputs["certificateAuthorityExpiry"] as string), root.validToDate.getTime());
    const { issuer, chain } = await cluster.leaf();
    assert.equal(issuer, "trustplane-dev-ca-1");
    assert.ok(verifiesAlone(chain, pem));
  });

  it("refuses a wrong passphrase", () => {
    assert.match(project.runWith({ PULUMI_CONFIG_PASSPHRASE: "wrong" }, "up").expect(1).text, /passphrase.* is wrong/);
  });

  it("has nothing to change afterwards: neither up, which previews, nor refresh", () => {
    const { text } = project.run("up").expect(0);
    assert.match(text, /previewing dev: \d+ unchanged[^]*nothing changed/);
    const refresh = project.run("refresh").expect(0);
    assert.deepEqual(
      refresh.steps().filter((step) => !step.startsWith("read ")),
      [],
    );
  });

  it("previews changes, of Secrets too, with the credential of preview-role and nothing else", async () => {
    const administrator = fs.readFileSync(project.kubeconfig, "utf8");
    const manifest = project.run("previewRole").expect(0).stdout;
    const limited = withToken(administrator, await previewToken(administrator, manifest));
    fs.writeFileSync(project.kubeconfig, limited);
    const keepKubeconfig = "if (fs.existsSync(layout.kubeconfig)) return;";
    const restore = project.alter(
      "local/controlPlane/credentials.ts",
      "if (fs.existsSync(layout.kubeconfig) &&",
      `${keepKubeconfig}\n  if (`,
    );
    project.configure({ "trustplane:certificateAuthority.generation": 2 });
    const { text } = project.run("preview").expect(0);
    assert.match(text, /create +kubernetes:core\/v1:Secret private-ca-2-secret/);
    assert.match(text, /update +kubernetes:core\/v1:ConfigMap trust-bundle-default/);
    project.configure({ "trustplane:certificateAuthority.generation": 1 });
    assert.equal(fs.readFileSync(project.kubeconfig, "utf8"), limited);
    const reader = clientOf(limited).makeApiClient(CoreV1Api);
    await assert.rejects(reader.listNamespacedSecret({ namespace: "cert-manager" }), /is forbidden/);
    await assert.rejects(reader.listSecretForAllNamespaces(), /is forbidden/);
    restore();
    fs.writeFileSync(project.kubeconfig, administrator);
    const objects = KubernetesObjectApi.makeApiClient(clientOf(administrator));
    for (const object of loadAllYaml(manifest) as KubernetesObject[]) await objects.delete(object);
  });

  it("leaves nothing on destroy but the CRDs and the data that it keeps, and names them", async () => {
    const { text } = project.run("destroy").expect(0);
    assert.match(text, /nothing of stack dev is left/);
    assert.match(text, /left on the cluster: cert-manager's CRDs/);
    const named =
      /left on the cluster, because it holds what cannot be made again, or others may still use it: (.*)\. The next/.exec(text)?.[1] ?? "";
    const ids = [...named.matchAll(/\(([^)]+)\)/g)].map(([, id = ""]) => (id.includes("/") ? `claim ${id}` : `namespace ${id}`));
    assert.deepEqual(ids.sort(), [...kept].sort());
    assert.deepEqual(await cluster.leftovers(), kept);
    assert.ok((await cluster.crds()).includes("certificates.cert-manager.io"));
  });

  it("is let through by the packs under any other name, with no file but the copy of its own", () => {
    fs.copyFileSync(path.join(project.root, "Pulumi.dev.yaml"), path.join(project.root, "Pulumi.mysite.yaml"));
    const copied = plannedByScript(project.run("preview", "--stack", "mysite", "--json").expect(0));
    assert.deepEqual(
      copied,
      planned.map((step) => step.replace("urn:pulumi:dev::", "urn:pulumi:mysite::")),
    );
    fs.rmSync(path.join(project.root, "Pulumi.mysite.yaml"));
  });

  it("plans the production example, as it is, by the CLI alone and by the script, whose gate the real chart of cert-manager passes", async () => {
    const real = {
      "trustplane:cluster": { identifier: "prod", kubeconfig: project.kubeconfig, preflight: false },
      "trustplane:certManager.repository": undefined,
      "trustplane:certManager.version": undefined,
      "trustplane:certManager.chart": chartArchive("cert-manager"),
    };
    const file = path.join(project.root, "Pulumi.prod.yaml");
    const shipped = fs.readFileSync(file);
    project.configure(real, "prod");
    const byScript = plannedByScript(project.run("preview", "--stack", "prod", "--json").expect(0));
    const plain = await PlainPulumi.in(project.root, "prod");
    plain.run("stack", "init").expect(0);
    assert.deepEqual(plain.plan(...plain.packs()), byScript);
    fs.writeFileSync(file, shipped);
  });

  it("is on a cluster of one's own after the README's five steps, with the data that a destroy has kept there", async () => {
    const claims = await cluster.claimUids();
    const place = fs.mkdtempSync(path.join(os.tmpdir(), "mysite-"));
    const kubeconfig = path.join(place, "kubeconfig");
    fs.copyFileSync(project.kubeconfig, kubeconfig);
    installPlugins(place);
    const env = { PULUMI_HOME: place, PULUMI_BACKEND_URL: `file://${place}`, PULUMI_CONFIG_PASSPHRASE: "mysite" };
    const [copy = "", edit, ...scripts] = steps(project.root);
    execFileSync("sh", ["-c", copy], { cwd: project.root });
    assert.equal(edit, "$EDITOR Pulumi.mysite.yaml");
    project.configure({ ...edits, "trustplane:cluster": { identifier: "mysite", kubeconfig } }, "mysite");
    const run = scripts.map((line) => {
      const [, script = "", rest = ""] = /^npm run (\S+) -- (.*)$/.exec(line) ?? [];
      // behind the edge's address no container runs, which verify finds
      const expected = script === "up" ? exitCode.check : exitCode.ok;
      return `${script}: ${project.runWith(env, script, ...rest.split(" ")).expect(expected).text}`;
    });
    assert.deepEqual(
      run.map((text) => text.slice(0, text.indexOf(":"))),
      ["doctor", "preview", "up"],
    );
    assert.match(run[2] ?? "", /updating mysite: \d+ created[^]*verify mysite: 1 failed, \d+ ok[^]*failed +edge +https:/);
    const after = await cluster.claimUids();
    assert.deepEqual(after, { ...after, ...claims });
    fs.rmSync(place, { recursive: true });
  });
});

function clientOf(kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return config;
}

/** Makes what the manifest says, as an administrator, and gives a token of its ServiceAccount. */
async function previewToken(administrator: string, manifest: string): Promise<string> {
  const config = clientOf(administrator);
  const objects = KubernetesObjectApi.makeApiClient(config);
  for (const object of loadAllYaml(manifest) as KubernetesObject[]) await objects.create(object);
  const body = Object.assign(new AuthenticationV1TokenRequest(), { spec: { audiences: [] } });
  const account = { namespace: "trustplane-preview", name: "preview", body };
  const { status } = await config.makeApiClient(CoreV1Api).createNamespacedServiceAccountToken(account);
  return status?.token ?? "";
}

/** The kubeconfig with this credential in place of its own. */
function withToken(kubeconfig: string, token: string): string {
  const { users, ...rest } = parse(kubeconfig) as { readonly users: readonly { readonly name: string }[] };
  return stringify({ ...rest, users: users.map(({ name }) => ({ name, user: { token } })) });
}
