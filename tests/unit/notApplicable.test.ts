import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { notApplicable } from "../../components/workers/notApplicable";
import { schemaAt } from "../../config/schemaAt";
import { stackSchema } from "../../config/stackSchema";

/** Every configuration option of the charm's page, in its order. */
const options = [
  "ingress",
  "allow-privileged",
  "require-manual-upgrade",
  "default-backend-image",
  "http_proxy",
  "docker-ce-package",
  "proxy-extra-args",
  "docker-opts",
  "https_proxy",
  "no_proxy",
  "kubelet-extra-args",
  "enable-cgroups",
  "channel",
  "apt-key-server",
  "nagios_servicegroups",
  "kubelet-extra-config",
  "labels",
  "nginx-image",
  "snapd_refresh",
  "ingress-ssl-chain-completion",
  "snap_proxy",
  "cuda_repo",
  "nagios_context",
  "snap_proxy_url",
  "docker_runtime",
  "docker-logins",
  "nvidia-docker-package",
  "nvidia-container-runtime-package",
];

/** Every action and command of the page. */
const actions = [
  "action pause",
  "action resume",
  "action registry",
  "action microbot",
  "action upgrade",
  "juju add-unit",
  "open-port",
  "close-port",
];

/** Which key of a stack's configuration is an option's or an action's today. */
const keys: Readonly<Record<string, string>> = {
  ingress: "ingressNginx",
  "allow-privileged": "workers.namespaces.NAME.enforce",
  "default-backend-image": "workers.ingress.defaultBackend.image",
  http_proxy: "workers.proxy.http",
  https_proxy: "workers.proxy.https",
  no_proxy: "workers.proxy.noProxy",
  labels: "workers.nodes.NAME.labels",
  "nginx-image": "ingressNginx.values",
  "docker-logins": "workers.imagePullSecrets",
  "action registry": "workers.registry",
  "action microbot": "workers.ingress.example.image",
};

/** Which script is an action's today. */
const scripts: Readonly<Record<string, string>> = { "action pause": "node", "action resume": "node" };

describe("notApplicable", () => {
  const offered = [...options, ...actions];
  const answers = [keys, scripts, notApplicable];

  it("leaves no option and no action of the charm without exactly one answer", () => {
    const counts = offered.map((name) => [name, answers.filter((answer) => Object.hasOwn(answer, name)).length] as const);
    assert.deepEqual(
      counts.filter(([, count]) => count !== 1),
      [],
    );
  });

  it("knows nothing that the charm did not have", () => {
    assert.deepEqual(
      answers.flatMap((answer) => Object.keys(answer)).filter((name) => !offered.includes(name)),
      [],
    );
  });

  for (const [name, key] of Object.entries(keys)) {
    it(`has the key ${key} for ${name}`, () => {
      assert.notEqual(schemaAt(stackSchema, key.split("."), undefined), undefined);
    });
  }

  it("has a script for each action of an operator", () => {
    const { scripts: known } = JSON.parse(fs.readFileSync(path.resolve(__dirname, "../../package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const script of Object.values(scripts)) assert.equal(known[script], `node local/bootstrap.js automation/${script}.ts`);
  });

  it("gives a reason, and where it is done instead, for each", () => {
    for (const [name, { reason, instead }] of Object.entries(notApplicable)) assert.ok(reason.length > 20 && instead.length > 20, name);
  });

  it("names only keys that exist where it sends somebody to one", () => {
    const named = Object.values(notApplicable).flatMap(({ instead }) => instead.match(/\b(workers|ingressNginx)(\.\w+)+/g) ?? []);
    assert.ok(named.length > 2);
    for (const key of named) {
      const exposure = { workers: { ingress: { example: { exposure: { type: "nodePort" } } } } };
      assert.notEqual(schemaAt(stackSchema, key.split("."), exposure), undefined, key);
    }
  });
});
