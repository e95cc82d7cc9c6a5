import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { FILL_IMAGE } from "../../config/ponosSchema";
import { clients, type DevStack, devStack } from "./devStack";
import { bottleFolder } from "./machine";
import { eventually } from "./podStates";
import { type Place, reached } from "./reach";
import { restricted } from "./restricted";
import { type ContainerProcess, runningContainers } from "./runningContainers";

const port = 8080;

function podSpec(command: readonly string[], more: object = {}): object {
  const resources = { requests: { cpu: "10m", memory: "16Mi" } };
  return {
    containers: [{ name: "main", image: FILL_IMAGE, command, resources, securityContext: restricted }],
    terminationGracePeriodSeconds: 1,
    ...more,
  };
}

/** Listens, and answers with the page that is given. */
function server(namespace: string): object {
  const labels = { app: "server" };
  const spec = podSpec([
    "sh",
    "-c",
    `mkdir /tmp/pages && echo -n ${namespace} > /tmp/pages/index.html && exec httpd -f -p ${port} -h /tmp/pages`,
  ]);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "server", namespace },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

/** Node's program that writes what is at an address. */
const fetchText = "fetch(process.argv[1]).then((answer) => answer.text()).then((text) => process.stdout.write(text))";

describe("tenants of Plexus on nodes", () => {
  let dev: DevStack;
  const kubeconfigs: Record<string, string> = {};
  /** Of each tenant, whose first namespace is called like it. */
  const tenants = ["astronomy", "genomics"];
  const namespaces = ["astronomy", "genomics", "genomics-staging"];

  before(async () => {
    dev = await devStack();
    for (const tenant of tenants) {
      const file = path.join(bottleFolder(), `${tenant}.kubeconfig`);
      dev.stack.run("kubeconfig", "--tenant", tenant, "--out", file).expect(0);
      kubeconfigs[tenant] = file;
    }
  });

  /** kubectl with nothing but a tenant's kubeconfig. @param object what it reads */
  function kubectl(tenant: string, args: readonly string[], object?: object): string {
    return dev.cluster.kubectlAs(kubeconfigs[tenant] ?? "", args, object);
  }

  const tenantOf = (namespace: string): string => namespace.split("-")[0] ?? "";

  it("run a Deployment in each of their namespaces", () => {
    for (const namespace of namespaces) kubectl(tenantOf(namespace), ["apply", "-f", "-"], server(namespace));
    for (const namespace of namespaces)
      kubectl(tenantOf(namespace), ["rollout", "status", "deployment/server", "--namespace", namespace, "--timeout=300s"]);
  });

  it("run a Job, read its log, run commands, copy files and forward ports", async () => {
    for (const namespace of tenants) {
      const template = { spec: podSpec(["sh", "-c", "echo done by $(id -u)"], { restartPolicy: "Never" }) };
      const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "job", namespace }, spec: { template } };
      kubectl(namespace, ["apply", "-f", "-"], job);
      kubectl(namespace, ["wait", "--for=condition=complete", "job/job", "--namespace", namespace, "--timeout=300s"]);
      assert.equal(kubectl(namespace, ["logs", "job/job", "--namespace", namespace]), "done by 1000");
      const pod = kubectl(namespace, [
        "get",
        "pods",
        "--namespace",
        namespace,
        "--selector",
        "app=server",
        "-o",
        "jsonpath={.items[0].metadata.name}",
      ]);
      const [sent, received] = ["sent", "received"].map((name) => path.join(bottleFolder(), `${namespace}-${name}`));
      fs.writeFileSync(sent ?? "", namespace.repeat(10_000));
      kubectl(namespace, ["cp", "--namespace", namespace, sent ?? "", `${pod}:/tmp/copy`]);
      assert.match(kubectl(namespace, ["exec", "--namespace", namespace, pod, "--", "wc", "-c", "/tmp/copy"]), /^\d+ \/tmp\/copy$/);
      kubectl(namespace, ["cp", "--namespace", namespace, `${pod}:/tmp/copy`, received ?? ""]);
      assert.equal(fs.readFileSync(received ?? "", "utf8"), namespace.repeat(10_000));
      assert.equal(await forwarded(namespace, pod), namespace);
    }
  });

  /** What a pod answers through `kubectl port-forward`. */
  async function forwarded(namespace: string, pod: string): Promise<string> {
    const args = ["--kubeconfig", kubeconfigs[namespace] ?? "", "port-forward", "--namespace", namespace, pod, `:${port}`];
    const child = spawn(dev.cluster.tools.kubectl.path, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const local = /127\.0\.0\.1:(\d+)/.exec(line.toString())?.[1] ?? "";
    const text = await (await fetch(`http://127.0.0.1:${local}/index.html`)).text();
    child.kill();
    return text;
  }

  it("have node ports within their quota, which clients outside reach, and none beyond", async () => {
    const service = (namespace: string, number: number): object => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: `exposed-${number}`, namespace },
      spec: { type: "NodePort", selector: { app: "server" }, ports: [{ port, nodePort: 31000 + number }] },
    });
    for (const number of [1, 2, 3]) kubectl("astronomy", ["apply", "-f", "-"], service("astronomy", number));
    const places = dev.cluster.nodes.flatMap(({ address }) => [1, 2, 3].map((number) => `http://${address}:${31000 + number}/index.html`));
    await eventually("every node port answers", 120, () =>
      places.filter((place) => dev.cluster.outside.run(process.execPath, ["--eval", fetchText, place]) !== "astronomy"),
    );
    assert.throws(() => kubectl("astronomy", ["apply", "-f", "-"], service("astronomy", 4)), /exceeded quota/);
    assert.throws(() => kubectl("genomics", ["apply", "-f", "-"], service("genomics", 5)), /exceeded quota/);
  });

  it("may not make a pod that is privileged, or that mounts a node's folder", () => {
    const pod = (spec: object): object => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "bad", namespace: "astronomy" }, spec });
    const [container] = (podSpec(["true"]) as { containers: object[] }).containers;
    const privileged = pod({ containers: [{ ...container, securityContext: { privileged: true } }] });
    const hostPath = pod({ ...podSpec(["true"]), volumes: [{ name: "root", hostPath: { path: "/" } }] });
    assert.throws(() => kubectl("astronomy", ["create", "-f", "-"], privileged), /violates PodSecurity .*privileged/);
    assert.throws(() => kubectl("astronomy", ["create", "-f", "-"], hostPath), /violates PodSecurity .*hostPath/);
  });

  it("reach whom docs/plexus.md says, and nobody else", async () => {
    dev.cluster.create(server("default"));
    dev.cluster.kubectl("rollout", "status", "deployment/server", "--namespace", "default", "--timeout=300s");
    dev.cluster.outside.start(process.execPath, [
      "--eval",
      'require("node:http").createServer((_, answer) => answer.end()).listen(8080, "198.51.100.10")',
    ]);
    const containers = await runningContainers(dev.cluster);
    const find = (namespace: string, label: string): (typeof containers)[number] => {
      const found = containers.find(({ pod }) => pod.metadata?.namespace === namespace && pod.metadata.name?.startsWith(label));
      if (found === undefined) throw new Error(`no ${label} runs in ${namespace}`);
      return found;
    };
    const addressOf = (namespace: string, label: string): string => find(namespace, label).pod.status?.podIP ?? "";
    const all = [...namespaces, "default"];
    const dns = addressOf("kube-system", "coredns");
    const places: Record<string, Place> = {
      ...Object.fromEntries(all.map((namespace) => [namespace, { host: addressOf(namespace, "server"), port }])),
      "name server": { host: "10.96.0.10", port: 53 },
      "another port of kube-system": { host: dns, port: 8181 },
      "API server": { host: "10.96.0.1", port: 443 },
      outside: { host: clients.allowed, port },
      "the metadata service": { host: "169.254.169.254", port: 80 },
    };
    const from: Record<string, ContainerProcess> = Object.fromEntries(
      all.map((namespace) => [namespace, find(namespace, "server").process]),
    );
    const matrix = reached(from, places);
    const internet = ["name server", "API server", "outside"];
    assert.deepEqual(
      matrix,
      {
        astronomy: ["astronomy", ...internet],
        genomics: ["genomics", "genomics-staging", ...internet],
        "genomics-staging": ["genomics", "genomics-staging", ...internet],
        default: ["default", "name server", "another port of kube-system", "API server", "outside"],
      },
      stringify(matrix),
    );
  });
});
