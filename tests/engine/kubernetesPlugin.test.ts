import assert from "node:assert/strict";
import * as path from "node:path";
import { exitCode } from "../../automation/exitCode";
import { preview } from "../../automation/preview";
import { up } from "../../automation/up";
import { ControlPlaneTestbed } from "./controlPlaneTestbed";
import { refusalOf, SmallProject } from "./smallProject";

/** What one version of the program has, and the next has otherwise. */
interface Version {
  readonly labels?: Readonly<Record<string, string>>;
  readonly image?: string;
  readonly role?: string;
  readonly storage?: string;
  readonly chart?: Readonly<Record<string, unknown>>;
  readonly more?: string;
}

/** Some objects in the namespace default, of which each changes in another way, and a chart. */
function objects(
  kubeconfig: string,
  { labels = { kept: "yes", left: "out" }, image = "a:1", role = "one", storage = "1Gi", chart, more = "" }: Version,
): string {
  const provider = { kubeconfig, clusterIdentifier: "lab", enableConfigMapMutable: true };
  const release = { name: "lab", namespace: "default", chart: "./chart", atomic: true, values: chart };
  return `const k8s = require(${JSON.stringify(require.resolve("@pulumi/kubernetes"))});
const provider = new k8s.Provider("cluster", ${JSON.stringify(provider)});
const named = (name) => ({ metadata: { name, namespace: "default" } });
new k8s.core.v1.ConfigMap("settings", { metadata: { namespace: "default", labels: ${JSON.stringify(labels)} } }, { provider });
new k8s.batch.v1.Job("fill", { ...named("fill"), spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "example.org/${image}" }] } } } }, { provider });
new k8s.rbac.v1.RoleBinding("rights", { ...named("rights"), roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "${role}" } }, { provider });
new k8s.core.v1.ResourceQuota("quota", { ...named("quota"), spec: { hard: { "requests.storage": "${storage}" } } }, { provider });
${chart === undefined ? "" : `new k8s.helm.v3.Release("chart", ${JSON.stringify(release)}, { provider });`}
${more}`;
}

const chart = {
  "Chart.yaml": "apiVersion: v2\nname: lab\nversion: 1.0.0\n",
  "values.yaml": "text: none\nport: 80\n",
  "templates/objects.yaml": `apiVersion: v1
kind: ConfigMap
metadata: { name: of-chart }
data: { text: {{ .Values.text | quote }} }
---
apiVersion: v1
kind: Service
metadata: { name: of-chart }
spec: { ports: [{ port: {{ .Values.port }} }] }
`,
};

describe("the plugin for Kubernetes on a real API server", () => {
  let cluster: ControlPlaneTestbed;
  let project: SmallProject;
  const second = { labels: { kept: "yes" }, image: "a:2", storage: "1024Mi" };
  const third = { ...second, role: "two" };

  before(async () => {
    cluster = await ControlPlaneTestbed.create();
    await cluster.ensure();
    project = new SmallProject();
    project.configure({ "trustplane:cluster": { identifier: "lab", kubeconfig: cluster.layout.kubeconfig } });
    for (const [file, text] of Object.entries(chart)) project.write(path.join("chart", file), text);
    await update({});
  });

  after(async () => {
    project.remove();
    await cluster.dispose();
  });

  const get = (kind: string, place: string): Promise<string> => cluster.kubectl(["get", kind, "-n", "default", "-o", `jsonpath=${place}`]);
  const write = (version: Version): void => {
    project.program(objects(cluster.layout.kubeconfig, version));
  };
  const previewed = async (version: Version): Promise<string> => {
    write(version);
    await preview(project.session());
    return project.take();
  };
  const update = async (version: Version): Promise<void> => {
    write(version);
    await up(project.session({ "no-verify": true, "allow-replace": "rights" }));
    project.take();
  };

  it("foresees what the server would do: nothing, an update, or a replacement where an object cannot change", async () => {
    assert.match(await previewed({}), /^\d unchanged$/m);
    const printed = await previewed(second);
    assert.match(printed, /replace +kubernetes:batch\/v1:Job fill/);
    assert.match(printed, /update +kubernetes:core\/v1:ConfigMap settings/);
    assert.doesNotMatch(printed, /quota/);
  });

  it("does that, and has nothing to change afterwards", async () => {
    await update(second);
    assert.equal(await get("jobs/fill", "{.spec.template.spec.containers[0].image}"), "example.org/a:2");
    assert.equal(await get("configmaps", '{.items[?(@.metadata.labels.kept=="yes")].metadata.labels}'), '{"kept":"yes"}');
    assert.match(await previewed(second), /^\d unchanged$/m);
  });

  it("binds another role, by a replacement, or where it cannot foresee one after the binding was deleted as it was told to", async () => {
    try {
      assert.match(await previewed(third), /replace +kubernetes:rbac\.authorization\.k8s\.io\/v1:RoleBinding rights/);
    } catch (error) {
      assert.match(String(error), /cannot change roleRef[^]*Kubernetes changes this of no object[^]*kubectl delete[^]*same command/);
      await cluster.kubectl(["delete", "rolebinding", "rights", "-n", "default"]);
    }
    await update(third);
    assert.equal(await get("rolebindings/rights", "{.roleRef.name}"), "two");
    assert.match(await previewed(third), /^\d unchanged$/m);
  });

  it("upgrades a release, takes back an upgrade that fails in the middle, and goes on from there", async () => {
    await update({ ...third, chart: { text: "one" } });
    assert.match(await previewed({ ...third, chart: { text: "one" } }), /^\d unchanged$/m);
    await assert.rejects(update({ ...third, chart: { text: "two", port: 70_000 } }), /port.*70000/);
    project.take();
    assert.equal(await get("configmaps/of-chart", "{.data.text}"), "one");
    await update({ ...third, chart: { text: "two", port: 8080 } });
    assert.equal(await get("configmaps/of-chart", "{.data.text}"), "two");
    assert.equal(await get("services/of-chart", "{.spec.ports[0].port}"), "8080");
    await update(third);
    assert.equal(await cluster.kubectl(["get", "configmaps", "of-chart", "-n", "default", "--ignore-not-found"]), "");
  });

  it("takes over no object that is there already, because the script asks before", async () => {
    await cluster.kubectl(["create", "configmap", "taken", "-n", "default", "--from-literal=text=theirs"]);
    write({ ...third, more: `new k8s.core.v1.ConfigMap("taken", { ...named("taken"), data: { text: "ours" } }, { provider });` });
    const { code, message } = await refusalOf(up(project.session({ "no-verify": true })));
    assert.equal(code, exitCode.gate);
    assert.match(message, /exists already +create kubernetes:core\/v1:ConfigMap taken/);
    assert.equal(await get("configmaps/taken", "{.data.text}"), "theirs");
  });
});
