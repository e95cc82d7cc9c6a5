import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { eventually } from "./controlPlaneTestbed";
import { ProjectCopy } from "./projectCopy";

const autoscaler = "system:serviceaccount:geocube:autoscaler-service-account";
const image = (part: string): string => `registry.example.org/geocube-${part}:1.0.3`;

/** Verb, resource and object of a question to RBAC, and whether the autoscaler may. */
const rights: readonly (readonly [string, string, boolean])[] = [
  ...["list", "create", "delete"].map((verb) => [verb, "pods", true] as const),
  ...["get", "watch", "update", "patch", "deletecollection"].map((verb) => [verb, "pods", false] as const),
  ["get", "replicationcontrollers/consolidater", true],
  ["get", "replicationcontrollers/another", false],
  ...["list", "update", "patch", "delete"].map((verb) => [verb, "replicationcontrollers", false] as const),
  ["create", "pods/exec", false],
  ["get", "secrets", false],
  ["list", "secrets", false],
  ["create", "serviceaccounts/token", false],
];

interface Template {
  readonly spec: { readonly template: { readonly spec: object } };
}

describe("Geocube on an API server", () => {
  let project: ProjectCopy;
  let kubectlPath: string;

  before(async () => {
    project = new ProjectCopy(["geocube"]);
    const index = 'import { program } from "./tests/engine/geocubeProgram";\nexport = program;\n';
    fs.writeFileSync(path.join(project.root, "index.ts"), index);
    fs.writeFileSync(path.join(project.root, "schema.sql"), "CREATE SCHEMA geocube;\n");
    const script = { file: "./schema.sql" };
    project.configure({
      "trustplane:geocube": {
        database: { type: "builtIn", schema: { version: "1.1.0", create: script, queue: script } },
        storage: { type: "volume", storageClass: "shared", size: "1Gi" },
        apiserver: { image: image("server") },
        consolidater: { image: image("consolidater") },
        autoscaler: { image: image("autoscaler") },
        downloader: { image: image("downloader") },
        clientNamespaces: ["default"],
      },
    });
    kubectlPath = (await ensureTools(["kubectl"], silentProgress)).kubectl.path;
  });

  after(() => {
    project.dispose();
  });

  const kubectl = (args: readonly string[], input = ""): string =>
    execFileSync(kubectlPath, ["--kubeconfig", project.kubeconfig, "-n", "geocube", ...args], {
      input,
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  const up = (password?: string): string =>
    project.runWith(password === undefined ? {} : { GEOCUBE_PASSWORD: password }, "up").expect(0).text;
  const workers = (): string => kubectl(["get", "pods", "-l", "go-k8s-pod-rc=consolidater", "-o", "name"]);

  /** Pods of each part, by their ids. */
  function pods(): Readonly<Record<string, string>> {
    const parts = ["apiserver", "autoscaler", "downloader"];
    const id = (part: string): string =>
      kubectl(["get", "pods", "-l", `app.kubernetes.io/component=${part}`, "-o", "jsonpath={.items[*].metadata.uid}"]);
    return Object.fromEntries(parts.map((part) => [part, id(part)]));
  }

  /** Does what the autoscaler does, as its ServiceAccount: makes a pod after the ReplicationController's template. */
  function scaleUp(): void {
    const { spec } = JSON.parse(kubectl(["get", "rc", "consolidater", "-o", "json", "--as", autoscaler])) as Template;
    const metadata = { generateName: "consolidater-go-k8s-pod-rc-", labels: { "go-k8s-pod-rc": "consolidater" } };
    const pod = { apiVersion: "v1", kind: "Pod", metadata, spec: spec.template.spec };
    kubectl(["create", "-f", "-", "--as", autoscaler], JSON.stringify(pod));
  }

  /** The parts whose pods are others after `change`. */
  async function rolled(change: () => void): Promise<readonly string[]> {
    const before = pods();
    change();
    const single = (): boolean => Object.values(pods()).every((ids) => /^\S+$/.test(ids));
    await eventually("every part has one pod", () => Promise.resolve(single()));
    const after = pods();
    return Object.keys(before).filter((part) => before[part] !== after[part]);
  }

  it("comes up, without waiting for the template that has no pods", () => {
    up();
    assert.equal(kubectl(["get", "rc", "consolidater", "-o", "jsonpath={.spec.replicas} {.status.replicas}"]), "0 0");
    for (const part of Object.values(pods())) assert.match(part, /^\S+$/);
    assert.equal(project.outputs()["address"], "apiserver-service.geocube.svc:8080");
  });

  it("has nothing to change afterwards", () => {
    assert.match(up(), /nothing changed/);
  });

  it("gives the autoscaler exactly the rights of its code", () => {
    const wrong = rights.filter(([verb, resource, allowed]) => {
      const [kind = "", rest = ""] = resource.split("/");
      const object = kind === "replicationcontrollers" && rest !== "" ? [resource] : [kind, `--subresource=${rest}`];
      const answer = canI(() => kubectl(["auth", "can-i", verb, ...object, "--as", autoscaler]));
      return answer !== allowed;
    });
    assert.deepEqual(wrong, []);
  });

  it("lets the autoscaler make workers, which the level restricted admits", async () => {
    scaleUp();
    scaleUp();
    assert.equal(workers().split("\n").length, 2);
    const phases = (): string => kubectl(["get", "pods", "-l", "go-k8s-pod-rc=consolidater", "-o", "jsonpath={.items[*].status.phase}"]);
    await eventually("both workers run", () => Promise.resolve(phases() === "Running Running"));
  });

  it("leaves workers alone while their template is the same", async () => {
    project.configure({ "trustplane:geocube.autoscaler.max": 20 });
    assert.deepEqual(await rolled(() => void up()), ["autoscaler"]);
    assert.equal(workers().split("\n").length, 2);
  });

  it("rolls exactly those who connect with it when the password changes, workers among them", async () => {
    assert.deepEqual(await rolled(() => void up("second")), ["apiserver", "autoscaler"]);
    assert.equal(workers(), "");
    assert.match(up("second"), /nothing changed/);
  });

  it("rolls nobody when the servers' leaves come from another root", async () => {
    scaleUp();
    project.configure({ "trustplane:certificateAuthority.generation": 2 });
    assert.deepEqual(await rolled(() => void up("second")), []);
    assert.notEqual(workers(), "");
  });

  it("is destroyed with the workers that no controller owns, and keeps the datasets, and says so", () => {
    const { text } = project.runWith({ GEOCUBE_PASSWORD: "second" }, "destroy").expect(0);
    assert.match(text, /left on the cluster, .*NamespacePatch geocube-namespace \(geocube\).*geocube-storage \(geocube\/geocube-data\)/);
    const kinds =
      "pods,rc,deployments,services,secrets,networkpolicies,serviceaccounts,roles,rolebindings,persistentvolumeclaims,certificates";
    const left = kubectl(["get", kinds, "-o", "name"]).split("\n");
    assert.deepEqual(left, ["serviceaccount/default", "persistentvolumeclaim/geocube-data"]);
  });
});

/** Whether kubectl answers with yes; with no it fails. */
function canI(ask: () => string): boolean {
  try {
    return ask().startsWith("yes");
  } catch {
    return false;
  }
}
