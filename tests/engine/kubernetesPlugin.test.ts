import assert from "node:assert/strict";
import { preview } from "../../automation/preview";
import { up } from "../../automation/up";
import { ControlPlaneTestbed } from "./controlPlaneTestbed";
import { refusalOf, SmallProject } from "./smallProject";

/** Some objects in the namespace default, of which each changes in another way from one version to the next. */
function objects(kubeconfig: string, version: 1 | 2): string {
  const provider = { kubeconfig, clusterIdentifier: "lab", enableConfigMapMutable: true };
  const labels = version === 1 ? { kept: "yes", left: "out" } : { kept: "yes" };
  const container = { name: "a", image: `example.org/a:${version}` };
  return `const k8s = require(${JSON.stringify(require.resolve("@pulumi/kubernetes"))});
const provider = new k8s.Provider("cluster", ${JSON.stringify(provider)});
const named = (name) => ({ metadata: { name, namespace: "default" } });
new k8s.core.v1.ConfigMap("settings", { metadata: { namespace: "default", labels: ${JSON.stringify(labels)} } }, { provider });
new k8s.batch.v1.Job("fill", { ...named("fill"), spec: { template: { spec: { restartPolicy: "Never", containers: [${JSON.stringify(container)}] } } } }, { provider });
new k8s.rbac.v1.RoleBinding("rights", { ...named("rights"), roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "role-${version}" } }, { provider });
new k8s.core.v1.ResourceQuota("quota", { ...named("quota"), spec: { hard: { "requests.storage": "${version === 1 ? "1Gi" : "1024Mi"}" } } }, { provider });`;
}

describe("the plugin for Kubernetes on a real API server", () => {
  let cluster: ControlPlaneTestbed;
  let project: SmallProject;

  before(async () => {
    cluster = await ControlPlaneTestbed.create();
    await cluster.ensure();
    project = new SmallProject();
    project.program(objects(cluster.layout.kubeconfig, 1));
    await up(project.session({ "no-verify": true }));
    project.take();
  });

  after(async () => {
    project.remove();
    await cluster.dispose();
  });

  const get = (kind: string, path: string): Promise<string> => cluster.kubectl(["get", kind, "-n", "default", "-o", `jsonpath=${path}`]);
  const previewed = async (version: 1 | 2): Promise<string> => {
    project.program(objects(cluster.layout.kubeconfig, version));
    await preview(project.session());
    return project.take();
  };

  it("foresees what the server would do: nothing, an update, or a replacement where an object cannot change", async () => {
    assert.match(await previewed(1), /^\d unchanged$/m);
    const printed = await previewed(2);
    assert.match(printed, /replace +kubernetes:batch\/v1:Job fill/);
    assert.match(printed, /replace +kubernetes:rbac\.authorization\.k8s\.io\/v1:RoleBinding rights/);
    assert.match(printed, /update +kubernetes:core\/v1:ConfigMap settings/);
    assert.doesNotMatch(printed, /quota/);
  });

  it("does that, and has nothing to change afterwards", async () => {
    project.program(objects(cluster.layout.kubeconfig, 2));
    await up(project.session({ "no-verify": true, "allow-replace": "rights" }));
    project.take();
    assert.equal(await get("jobs/fill", "{.spec.template.spec.containers[0].image}"), "example.org/a:2");
    assert.equal(await get("rolebindings/rights", "{.roleRef.name}"), "role-2");
    assert.equal(await get("configmaps", "{.items[*].metadata.labels}"), '{"kept":"yes"}');
    assert.match(await previewed(2), /^\d unchanged$/m);
  });

  it("takes over no object that is there already, and says so", async () => {
    await cluster.kubectl(["create", "configmap", "taken", "-n", "default"]);
    const taken = `new k8s.core.v1.ConfigMap("taken", named("taken"), { provider });`;
    project.program(`${objects(cluster.layout.kubeconfig, 2)}\n${taken}`);
    const { message } = await refusalOf(up(project.session({ "no-verify": true })));
    assert.match(message + project.said.join("\n"), /taken"? already exists/);
  });
});
