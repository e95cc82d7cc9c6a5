import assert from "node:assert/strict";
import { ClusterReader } from "./clusterReader";
import { certificates, pathLength, verifiesAlone } from "./chains";
import { type Deletion, DeletionOrder } from "./deletionOrder";
import { ProjectCopy } from "./projectCopy";
import { StartedScript } from "./startedScript";

/** The platform and the edge on it through the life of its CA, on the real engine and API server, step by step. */
describe("the certificate authority", () => {
  let project: ProjectCopy;
  let cluster: ClusterReader;
  let firstRoot: string;
  let deletions: readonly Deletion[] = [];

  before(() => {
    project = new ProjectCopy(["ingressNginx", "interlink"]);
    cluster = new ClusterReader(project.kubeconfig);
  });

  after(() => {
    project.dispose();
  });

  it("refuses to do without cert-manager where the cluster has none", () => {
    project.configure({ "trustplane:certManager.install": false });
    assert.match(project.run("up").expect(1).text, /trustplane:certManager\.install/);
    project.configure({ "trustplane:certManager.install": undefined });
  });

  it("refuses to begin with a generation that has none before it", () => {
    project.configure({ "trustplane:certificateAuthority.generation": 2 });
    assert.match(project.run("up").expect(1).text, /trustplane:certificateAuthority\.generation/);
    project.configure({ "trustplane:certificateAuthority.generation": 1 });
  });

  it("knows no stack without a file, and names those that there are", () => {
    assert.match(project.run("up", "--stack", "prd").expect(1).text, /prd.*Did you mean prod\?/);
  });

  it("comes up, and a leaf is really issued, which verifies with the exported CA", async () => {
    project.run("up").expect(0);
    firstRoot = project.outputs()["kubernetesApiCaCrt"] as string;
    const { issuer, chain } = await cluster.leaf();
    assert.equal(issuer, "trustplane-dev-ca-1");
    assert.ok(verifiesAlone(chain, firstRoot));
  });

  it("finds what somebody changed on the cluster, and mends it", async () => {
    await cluster.changeTrustBundle("default", "tampered");
    assert.match(project.run("drift").expect(3).stdout, /^changed +kubernetes:core\/v1:ConfigMap trust-bundle-default +data$/m);
    assert.match(project.run("up", "--no-drift").expect(3).text, /trust-bundle-default/);
    const refresh = project.run("refresh").expect(0);
    assert.match(refresh.text, /trust-bundle-default/);
    assert.deepEqual(project.run("up").expect(0).steps(), ["updated trust-bundle-default"]);
    assert.equal(await cluster.trustBundle("default"), firstRoot);
  });

  it("changes only what an edit of one value must change", () => {
    project.configure({ "trustplane:certManager.replicas": 2 });
    assert.deepEqual(project.run("up").expect(0).steps(), ["updated cert-manager", "updated cert-manager-release"]);
  });

  it("refuses to retire a generation that leaves still come from, and changes nothing", () => {
    project.configure({ "trustplane:certificateAuthority.generation": 2, "trustplane:certificateAuthority.retire": 1 });
    const { text } = project.run("up").expect(1);
    assert.match(text, /internal-ingress-tls/);
    assert.deepEqual(certificates(project.outputs()["kubernetesApiCaCrt"] as string), certificates(firstRoot));
  });

  it("rotates: the bundle holds both roots, and a new leaf verifies with either alone", async () => {
    project.configure({ "trustplane:certificateAuthority.generation": 2, "trustplane:certificateAuthority.retire": undefined });
    project.run("up").expect(0);
    const [old, young, ...rest] = certificates(project.outputs()["kubernetesApiCaCrt"] as string);
    assert.deepEqual(rest, []);
    assert.equal(old, certificates(firstRoot)[0]);
    const { issuer, chain } = await cluster.leaf("trustplane-dev-ca-2");
    assert.equal(issuer, "trustplane-dev-ca-2");
    assert.ok(old !== undefined && verifiesAlone(chain, old), "with the old root alone");
    assert.ok(young !== undefined && verifiesAlone(chain, young), "with the new root alone");
    assert.equal(await cluster.trustBundle("default"), project.outputs()["kubernetesApiCaCrt"]);
  });

  it("has nothing to change after a rotation", () => {
    assert.match(project.run("up").expect(0).text, /nothing changed/);
  });

  it("refuses a generation that goes back, and one that skips", () => {
    for (const generation of [1, 4]) {
      const retire = generation - 1;
      project.configure({ "trustplane:certificateAuthority.generation": generation, "trustplane:certificateAuthority.retire": retire });
      assert.match(project.run("up").expect(1).text, /trustplane:certificateAuthority\.generation/);
    }
  });

  it("retires the first generation", async () => {
    project.configure({ "trustplane:certificateAuthority.generation": 2, "trustplane:certificateAuthority.retire": 1 });
    assert.match(project.run("up").expect(4).text, /--allow-replace private-ca-1-key/);
    project.run("up", "--allow-replace", "private-ca-1-key", "--allow-replace", "private-ca-1-root").expect(0);
    const [only, ...rest] = certificates(project.outputs()["kubernetesApiCaCrt"] as string);
    assert.deepEqual(rest, []);
    assert.notEqual(only, certificates(firstRoot)[0]);
    assert.deepEqual(await cluster.clusterIssuers(), ["trustplane-dev-ca-2"]);
  });

  it("keeps what is protected on destroy, and says so", () => {
    project.configure({ "trustplane:certificateAuthority.protect": true });
    project.run("up").expect(0);
    const { text } = project.run("destroy").expect(0);
    assert.match(text, /private-ca-2-key \(protected\)/);
    assert.match(text, /private-ca-2-root \(protected\)/);
  });

  it("comes up again with the protected root, and destroys everything without protection", async () => {
    const [root] = certificates(project.outputs()["kubernetesApiCaCrt"] as string);
    project.configure({ "trustplane:certificateAuthority.protect": false, "trustplane:certManager.crds.keep": false });
    project.run("up").expect(0);
    assert.equal(certificates(project.outputs()["kubernetesApiCaCrt"] as string)[0], root);
    const order = await DeletionOrder.watch(project.kubeconfig);
    const destroy = new StartedScript(project.root, {}, "destroy");
    assert.equal(await destroy.ended, 0, destroy.text);
    deletions = order.end();
    assert.match(destroy.text, /nothing of stack dev is left/);
    assert.deepEqual(await cluster.leftovers(), []);
    assert.deepEqual(await cluster.crds(), []);
  });

  describe("of that destroy the API server says that it took away", () => {
    const of = (...kinds: readonly string[]): readonly Deletion[] => {
      const found = deletions.filter(({ kind }) => kinds.includes(kind));
      assert.ok(found.length > 0, `no ${kinds.join(", ")} went`);
      return found;
    };

    /** Every one of the former was gone before any of the latter began to go. */
    function assertBefore(former: readonly Deletion[], latter: readonly Deletion[]): void {
      const last = former.reduce((one, other) => (other.ended > one.ended ? other : one));
      const first = latter.reduce((one, other) => (other.begun < one.begun ? other : one));
      assert.ok(last.ended < first.begun, `${JSON.stringify(last)} after ${JSON.stringify(first)}`);
    }

    const controllers = (): readonly Deletion[] => of("Deployment").filter(({ namespace }) => namespace === "cert-manager");

    it("CustomResources before their controllers", () => {
      assertBefore(of("Certificate", "ClusterIssuer"), controllers());
    });

    it("controllers before their definitions", () => {
      assertBefore(controllers(), of("CustomResourceDefinition"));
    });

    it("each namespace after what the stack had in it, and one of them last", () => {
      for (const namespace of of("Namespace")) {
        const inside = deletions.filter((each) => each.namespace === namespace.name);
        if (inside.length > 0) assertBefore(inside, [namespace]);
      }
      assertBefore(
        of("CustomResourceDefinition"),
        of("Namespace").filter(({ name }) => name === "cert-manager"),
      );
      assert.equal(deletions.toSorted((one, other) => one.ended - other.ended).at(-1)?.kind, "Namespace");
    });
  });

  it("leaves a root as it is that an earlier version made without a limit, and limits the next one's path", async () => {
    project.configure({ "trustplane:certificateAuthority.generation": 1, "trustplane:certificateAuthority.retire": undefined });
    for (const system of ["ingressNginx", "interlink"]) project.configure({ [`trustplane:${system}`]: undefined });
    const restore = project.alter("components/platform/caGeneration.ts", "maxPathLength: rootPathLength,", "");
    project.run("up").expect(0);
    restore();
    assert.match(project.run("up").expect(0).text, /nothing changed/);
    project.configure({ "trustplane:certificateAuthority.generation": 2 });
    project.run("up").expect(0);
    const [old = "", young = ""] = certificates((await cluster.trustBundle("default")) ?? "");
    assert.deepEqual([pathLength(old), pathLength(young)], [undefined, "1"]);
  });
});
